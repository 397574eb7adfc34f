// SPDX-License-Identifier: MIT
#include "observe/ascii.hpp"
#include "observe/mask_patterns.hpp"
#include "observe/utf8.hpp"

namespace nodeops::mask {
namespace {

using ascii::at;
using ascii::before;
using ascii::is_alnum;
using ascii::is_digit;
using ascii::skip;

/// What a local part consists of in practice. RFC 5322 allows more; "=", "/", "?" and the like
/// separate an address from what is before it much more often than they belong to it.
bool is_local(char c) {
  return is_alnum(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("._%+-'!$^~").find(c) != std::string_view::npos;
}

bool is_domain(char c) {
  return is_alnum(c) || c == '-' || c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

/// "2x.png": behind an @ it is an image for dense screens, not a host.
bool is_density(std::string_view domain) {
  return domain.size() > 3 && is_digit(domain[0]) && domain.substr(1, 2) == "x." &&
         domain.find('.', 3) == std::string_view::npos;
}

/// Where a host name with at least one point and a last label that is not a number ends; `begin` if
/// there is none.
std::size_t domain_end(std::string_view text, std::size_t begin) {
  std::size_t end = skip(text, begin, is_domain);
  while (end > begin && (text[end - 1] == '.' || text[end - 1] == '-')) --end;
  const std::size_t point = text.substr(begin, end - begin).rfind('.');
  if (point == std::string_view::npos || point == 0) return begin;
  const std::string_view last = text.substr(begin + point + 1, end - begin - point - 1);
  const bool number = skip(last, 0, is_digit) == last.size();
  const bool none = last.size() < 2 || number || is_density(text.substr(begin, end - begin));
  return none ? begin : end;
}

std::string masked_local(std::string_view local) {
  const auto first = utf8::decode(local);
  const bool shown = first.valid && (first.value >= 0x80 || is_alnum(local.front()));
  return std::string(local.substr(0, shown ? first.size : 0)) + "***";
}

/// Where the local part begins that ends at `end`. `floor` is the last place that cannot belong to
/// it.
std::size_t local_begin(std::string_view text, std::size_t run_begin, std::size_t floor,
                        std::size_t end) {
  constexpr std::size_t longest_quoted = 66;
  if (before(text, end) == '"') {
    const std::size_t lowest = std::max(floor, end > longest_quoted ? end - longest_quoted : 0);
    for (std::size_t place = end - 1; place-- > lowest;) {
      if (text[place] == '"') return place;
    }
    return end;
  }
  std::size_t begin = std::max(run_begin, floor);
  while (begin < end && (text[begin] == '\'' || text[begin] == '.' || text[begin] == '-')) ++begin;
  return begin;
}

}  // namespace

void emails(std::string& text) {
  const std::string_view view = text;
  if (view.find('@') == std::string_view::npos && view.find("%40") == std::string_view::npos)
    return;
  Rewrite rewrite(text);
  std::size_t run_begin = 0;  // of the characters that may be a local part
  for (std::size_t place = 0; place < view.size(); ++place) {
    const bool encoded = view[place] == '%' && view.substr(place, 3) == "%40";
    if (view[place] != '@' && !encoded) {
      if (!is_local(view[place])) run_begin = place + 1;
      continue;
    }
    const std::size_t begin = local_begin(view, run_begin, rewrite.copied(), place);
    const std::size_t host = place + (encoded ? 3 : 1);
    const bool literal = at(view, host) == '[';  // jane@[203.0.113.7]; the address has its own pass
    if (begin < place && (literal || domain_end(view, host) != host)) {
      const bool quoted = view[begin] == '"';
      rewrite.replace(begin, place,
                      masked_local(view.substr(quoted ? begin + 1 : begin, place - begin)));
    }
    run_begin = host;
    place = host - 1;
  }
  rewrite.finish();
}

std::string email(std::string_view value) {
  const std::size_t sign = value.rfind('@');
  if (sign == std::string_view::npos || sign == 0 || sign + 1 == value.size()) return {};
  const std::string_view domain = value.substr(sign + 1);
  if (skip(domain, 0, is_domain) != domain.size()) return {};
  const std::string_view local = value.substr(0, sign);
  // "Jane Roe <jane@example.com>" is not one address.
  if (local.front() != '"' && local.find_first_of(" <>,;") != std::string_view::npos) return {};
  const std::string_view inner = local.substr(local.front() == '"' && local.size() > 1 ? 1 : 0);
  return masked_local(inner) + "@" + std::string(domain);
}

}  // namespace nodeops::mask
