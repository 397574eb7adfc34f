// SPDX-License-Identifier: MIT
#include "csv/number_locale.hpp"

#include <algorithm>
#include <string>

namespace nodeops::csv {
namespace {

constexpr NumberLocale point = {'.', ","};
constexpr NumberLocale comma_space = {',', " "};
constexpr NumberLocale comma_point = {',', ". "};
constexpr NumberLocale apostrophe = {'.', "'"};
constexpr NumberLocale indian = {'.', ",", true};

struct Names {
  std::string_view names;  // each between spaces
  NumberLocale locale;
};

// Countries first, where they differ from their language.
constexpr Names all[] = {
    {" c posix ", {'.', ""}},
    {" de_ch it_ch rm_ch gsw_ch de_li ch ", apostrophe},
    {" fr_ch de_at ", comma_point},
    {" es_mx es_us es_pr es_gt es_hn es_ni es_pa es_pe es_sv es_do ", point},
    {" en_in hi_in in ", indian},
    {" en_za ", comma_space},
    {" pt_pt es_es it_it ", comma_point},
    {" en ja zh ko th he ms ga cy mt us gb uk_gb jp cn ", point},
    {" hi bn ta te mr gu kn ml pa ", indian},
    {" de nl da id tr el es it pt ro hr sl sr bs mk vi is ca gl eu ", comma_point},
    {" fr sv nb nn no fi pl cs sk hu ru uk be bg et lv lt ka hy kk ", comma_space},
};

}  // namespace

std::optional<NumberLocale> number_locale(std::string_view name) {
  std::string plain;
  for (const char c : name.substr(0, name.find_first_of(".@"))) {
    plain += c == '-' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  const auto find = [](const std::string& wanted) -> std::optional<NumberLocale> {
    if (wanted.empty() || wanted.find(' ') != std::string::npos) return std::nullopt;
    for (const auto& row : all) {
      if (row.names.find(" " + wanted + " ") != std::string_view::npos) return row.locale;
    }
    return std::nullopt;
  };
  if (const auto found = find(plain)) return found;
  const auto separator = plain.find('_');
  return separator == std::string::npos ? std::nullopt : find(plain.substr(0, separator));
}

}  // namespace nodeops::csv
