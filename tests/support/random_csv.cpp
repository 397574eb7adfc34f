// SPDX-License-Identifier: MIT
#include "support/random_csv.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace nodeops::test {
namespace {

/// SplitMix64. The distributions of <random> differ between libraries; this does not.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(roll() % limit); }
  bool once_in(std::size_t times) { return below(times) == 0; }

 private:
  std::uint64_t roll() {
    std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15U;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31);
  }

  std::uint64_t state_;
};

constexpr std::array<std::string_view, 18> words = {
    "x",      "anna", "O'NEIL",   "jean-luc", "éric", "ŁUKASZ",    "12.50", "-7",     " ",
    "straße", "ǆ",    "İstanbul", "ΣΑΣ",      "日本", "tab\there", "0",     "a b  c", "MiXeD"};

constexpr std::array<std::string_view, 5> broken_utf8 = {"\xff", "\xc3", "\xe2\x82", "\xc0\xaf",
                                                         "\xed\xa0\x80"};

class RandomCsv {
 public:
  RandomCsv(std::uint64_t seed, const RandomCsvOptions& options) : dice_(seed), options_(options) {}

  std::string make() {
    if (options_.byte_order_mark) text_ += "\xef\xbb\xbf";
    for (std::size_t column = 1; column <= options_.columns; ++column) {
      if (column > 1) text_ += options_.delimiter;
      text_ += "c" + std::to_string(column);
    }
    end_record();
    for (std::size_t i = 0; i < options_.records; ++i) record(i + 1 == options_.records);
    return std::move(text_);
  }

 private:
  void record(bool last) {
    if (options_.empty_lines && dice_.once_in(12)) end_record();
    std::size_t columns = options_.columns;
    if (options_.ragged && dice_.once_in(6)) columns = 1 + dice_.below(options_.columns + 2);
    for (std::size_t column = 0; column < columns; ++column) {
      if (column > 0) text_ += options_.delimiter;
      if (last && options_.unterminated_quote && column + 1 == columns) {
        text_ += options_.quote + plain_text() + "\nand on\n";
        return;
      }
      field();
    }
    if (!last || !options_.no_final_newline) end_record();
  }

  void end_record() { text_ += options_.crlf_ends && dice_.once_in(2) ? "\r\n" : "\n"; }

  void field() {
    if (options_.adversarial_fields && dice_.once_in(15)) {
      adversarial_field();
    } else if (options_.quoted_fields && dice_.once_in(3)) {
      quoted_field();
    } else if (!dice_.once_in(6)) {
      unquoted_field();
    }
  }

  void unquoted_field() {
    text_ += plain_text();
    if (options_.stray_quotes && dice_.once_in(5)) {
      // Behind a character, so that the quote stands inside the field and means itself.
      text_ += 'q';
      text_ += options_.quote;
      if (dice_.once_in(2)) text_ += plain_text();
    }
    if (options_.lone_carriage_returns && dice_.once_in(8)) text_ += "\rz";
  }

  void quoted_field() {
    text_ += options_.quote;
    for (std::size_t pieces = dice_.below(4); pieces > 0; --pieces) {
      switch (dice_.below(5)) {
        case 0:
          text_ += options_.delimiter;
          break;
        case 1:
          text_ += std::string(2, options_.quote);
          break;
        case 2:
          text_ += '\n';
          break;
        case 3:
          text_ += "\r\n";
          break;
        default:
          text_ += plain_text();
      }
    }
    text_ += options_.quote;
    if (options_.stray_quotes && dice_.once_in(6)) {
      text_ += 't' + plain_text();
      if (dice_.once_in(2)) text_ += options_.quote;
    }
  }

  /// A reader that starts in the middle of this takes its lines for records.
  void adversarial_field() {
    text_ += options_.quote;
    for (std::size_t lines = 1 + dice_.below(6); lines > 0; --lines) {
      for (std::size_t column = 0; column < options_.columns; ++column) {
        if (column > 0) text_ += options_.delimiter;
        text_ += std::to_string(dice_.below(100));
      }
      text_ += '\n';
      if (dice_.once_in(4)) text_ += std::string(2, options_.quote) + "\n";
    }
    text_ += options_.quote;
  }

  /// Holds no quote, delimiter or line end.
  std::string plain_text() {
    std::string plain;
    const std::size_t room =
        dice_.once_in(60) ? options_.longest_field * 10 : options_.longest_field;
    const std::size_t size = dice_.below(room + 1);
    while (plain.size() < size) {
      plain += words[dice_.below(words.size())];
      if (options_.nul_bytes && dice_.once_in(10)) plain += '\0';
      if (options_.invalid_utf8 && dice_.once_in(10)) {
        plain += broken_utf8[dice_.below(broken_utf8.size())];
      }
    }
    std::erase(plain, options_.delimiter);
    std::erase(plain, options_.quote);
    return plain;
  }

  Dice dice_;
  RandomCsvOptions options_;
  std::string text_;
};

}  // namespace

std::string random_csv(std::uint64_t seed, const RandomCsvOptions& options) {
  return RandomCsv(seed, options).make();
}

RandomCsvOptions random_options(std::uint64_t seed) {
  Dice dice(seed * 31 + 7);
  RandomCsvOptions options;
  options.records = dice.below(60);
  options.columns = 1 + dice.below(7);
  options.delimiter = std::string_view(",;\t|")[dice.once_in(2) ? dice.below(4) : 0];
  options.quote = dice.once_in(5) ? '\'' : '"';
  options.longest_field = dice.once_in(5) ? 300 : 20;
  for (bool RandomCsvOptions::*const flag :
       {&RandomCsvOptions::quoted_fields, &RandomCsvOptions::adversarial_fields,
        &RandomCsvOptions::stray_quotes, &RandomCsvOptions::crlf_ends,
        &RandomCsvOptions::lone_carriage_returns, &RandomCsvOptions::nul_bytes,
        &RandomCsvOptions::invalid_utf8, &RandomCsvOptions::byte_order_mark,
        &RandomCsvOptions::ragged, &RandomCsvOptions::empty_lines,
        &RandomCsvOptions::unterminated_quote, &RandomCsvOptions::no_final_newline}) {
    options.*flag = dice.once_in(2);
  }
  return options;
}

std::string mangle(std::string text, std::uint64_t seed) {
  constexpr std::string_view meaningful("\"\",,\n\r;'\0\xff\xef", 11);
  Dice dice(seed ^ 0x5eedU);
  for (std::size_t changes = 1 + text.size() / 60; changes > 0 && !text.empty(); --changes) {
    const std::size_t at = dice.below(text.size());
    switch (dice.below(4)) {
      case 0:
        text.erase(at, 1 + dice.below(3));
        break;
      case 1:
        text.insert(at, 1, meaningful[dice.below(meaningful.size())]);
        break;
      case 2:
        text[at] = meaningful[dice.below(meaningful.size())];
        break;
      default:
        text.insert(at, text.substr(dice.below(text.size()), dice.below(20)));
    }
  }
  return text;
}

}  // namespace nodeops::test
