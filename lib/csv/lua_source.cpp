// SPDX-License-Identifier: MIT
#include "csv/lua_source.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include "core/error.hpp"

namespace nodeops::csv {
namespace {

enum class Kind { name, number, string, sign, end };

struct Token {
  Kind kind = Kind::end;
  std::size_t begin = 0;
  std::string_view text = {};
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Cuts Lua text into tokens; any text, right or wrong: whether it is Lua, Lua says.
class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {
    while (at_ < text_.size()) take();
  }

  const std::vector<Token>& all() const { return tokens_; }

 private:
  char peek(std::size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void take() {
    const char c = text_[at_];
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
      ++at_;
    } else if (c == '-' && peek(1) == '-') {
      at_ += 2;
      if (!skip_long_bracket()) at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      add(Kind::number, number_end());
    } else if (is_word(c)) {
      add(Kind::name, word_end(at_));
    } else if (c == '"' || c == '\'') {
      add(Kind::string, quoted_end(c));
    } else if (const auto begin = at_; c == '[' && skip_long_bracket()) {
      tokens_.push_back({Kind::string, begin, text_.substr(begin, at_ - begin)});
    } else {
      add(Kind::sign, at_ + sign_size());
    }
  }

  void add(Kind kind, std::size_t end) {
    tokens_.push_back({kind, at_, text_.substr(at_, end - at_)});
    at_ = end;
  }

  std::size_t word_end(std::size_t from) const {
    while (from < text_.size() && is_word(text_[from])) ++from;
    return from;
  }

  /// Digits, points, letters, and a sign behind an exponent.
  std::size_t number_end() const {
    const bool hexadecimal = peek(0) == '0' && (peek(1) | 0x20) == 'x';
    std::size_t end = at_;
    while (end < text_.size()) {
      const char c = text_[end];
      const char before = end > at_ ? static_cast<char>(text_[end - 1] | 0x20) : '\0';
      const bool exponent = before == (hexadecimal ? 'p' : 'e');
      if (!is_word(c) && c != '.' && !((c == '+' || c == '-') && exponent)) break;
      ++end;
    }
    return end;
  }

  std::size_t quoted_end(char quote) const {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote) end += text_[end] == '\\' ? 2 : 1;
    return std::min(end + 1, text_.size());
  }

  /// Skips `[[ ]]`, `[=[ ]=]` and so on; false when there is none here.
  bool skip_long_bracket() {
    std::size_t level = 0;
    if (peek(0) != '[') return false;
    while (peek(level + 1) == '=') ++level;
    if (peek(level + 1) != '[') return false;
    const std::string close = "]" + std::string(level, '=') + "]";
    const auto found = text_.find(close, at_ + level + 2);
    at_ = found == std::string_view::npos ? text_.size() : found + close.size();
    return true;
  }

  std::size_t sign_size() const {
    constexpr std::array<std::string_view, 10> long_signs = {
        "...", "..", "==", "~=", "<=", ">=", "<<", ">>", "//", "::"};
    for (const auto sign : long_signs) {
      if (text_.substr(at_).starts_with(sign)) return sign.size();
    }
    return 1;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

bool is_arithmetic(const Token& token) {
  constexpr std::array<std::string_view, 7> signs = {"+", "-", "*", "/", "//", "%", "^"};
  return token.kind == Kind::sign &&
         std::find(signs.begin(), signs.end(), token.text) != signs.end();
}

bool is_comparison(const Token& token) {
  constexpr std::array<std::string_view, 6> signs = {"==", "~=", "<", "<=", ">", ">="};
  return token.kind == Kind::sign &&
         std::find(signs.begin(), signs.end(), token.text) != signs.end();
}

class Reader {
 public:
  Reader(std::string_view text, bool is_body) : text_(text), tokens_(text) {
    for (std::size_t i = 0; i < tokens_.all().size(); ++i) {
      if (at(i).text == "function") check_parameters(i);
      if (at(i).kind == Kind::name) check_name(at(i).text);
      const bool is_member = i > 0 && (at(i - 1).text == "." || at(i - 1).text == ":");
      if (at(i).kind == Kind::name && at(i).text == "row" && !is_member) take_row(i);
    }
    body_ += text_.substr(copied_);
    source_.text = "return function(row";
    for (std::size_t i = 0; i < source_.accesses.size(); ++i) source_.text += "," + parameter(i);
    source_.text += is_body ? ") " : ") return ";
    source_.text += body_ + "\nend";
  }

  LuaSource& source() { return source_; }

 private:
  /// Any index: what stands beyond both ends is an empty token.
  const Token& at(std::size_t i) const {
    static const Token none;
    return i < tokens_.all().size() ? tokens_.all()[i] : none;
  }

  static std::string parameter(std::size_t i) { return "_row_" + std::to_string(i + 1); }

  [[noreturn]] static void refuse_own_row() {
    throw AppError(ErrorKind::usage, "'row' is the record, not a variable",
                   "give yours another name");
  }

  /// What would lead out of the sandbox, or to what the record is handed over in.
  static void check_name(std::string_view name) {
    if (name != "_ENV" && !name.starts_with("_row_")) return;
    throw AppError(ErrorKind::usage, "'" + std::string(name) + "' is not offered",
                   "give yours another name");
  }

  void check_parameters(std::size_t i) const {
    while (i < tokens_.all().size() && at(i).text != "(") ++i;
    for (; i < tokens_.all().size() && at(i).text != ")"; ++i) {
      if (at(i).text == "row") refuse_own_row();
    }
  }

  void take_row(std::size_t i) {
    if (at(i - 1).text == "local" || at(i - 1).text == "for") refuse_own_row();
    LuaAccess access;
    const std::size_t last = find_access(i, access);
    if (at(last + 1).text == "=") {
      throw AppError(ErrorKind::usage, "'row' cannot be written to",
                     "--set COL=EXPR gives a column a value");
    }
    constexpr std::size_t most_parameters = 100;  // of a function's 200 variables
    access.as_number = last != i && is_number(at(i - 1), last);
    const auto known = std::find(source_.accesses.begin(), source_.accesses.end(), access);
    const auto index = static_cast<std::size_t>(known - source_.accesses.begin());
    if (index == most_parameters && access.as_number) {
      throw AppError(ErrorKind::usage,
                     "more than " + std::to_string(most_parameters) +
                         " columns are calculated with or compared",
                     "make it two steps");
    }
    if (last == i || index == most_parameters) {
      source_.uses_row = true;
      return;
    }
    if (known == source_.accesses.end()) source_.accesses.push_back(access);
    body_ += text_.substr(copied_, at(i).begin - copied_);
    body_ += parameter(index);
    copied_ = at(last).begin + at(last).text.size();
  }

  /// Where the access that starts at token `i` ends; `i` itself when its column is not named
  /// outright.
  std::size_t find_access(std::size_t i, LuaAccess& access) const {
    if (at(i + 1).text == "." && at(i + 2).kind == Kind::name) {
      access.name = at(i + 2).text;
      return i + 2;
    }
    const Token& key = at(i + 2);
    if (at(i + 1).text != "[" || at(i + 3).text != "]") return i;
    if (key.kind == Kind::string && key.text.size() > 2 && key.text.front() != '[' &&
        key.text.find('\\') == std::string_view::npos) {
      access.name = key.text.substr(1, key.text.size() - 2);
      return i + 3;
    }
    const char* const end = key.text.data() + key.text.size();
    const auto read = std::from_chars(key.text.data(), end, access.position);
    return key.kind == Kind::number && read.ec == std::errc() && read.ptr == end ? i + 3 : i;
  }

  bool is_number(const Token& before, std::size_t last) const {
    const Token& behind = at(last + 1);
    const bool is_operand_of_word = before.text == "#" || before.text == "not";
    if (is_operand_of_word || behind.text == "." || behind.text == ":" || behind.text == "[")
      return false;
    if (is_arithmetic(before) || is_arithmetic(behind)) return true;
    if (before.text == ".." || behind.text == "..") return false;
    if (is_comparison(behind)) return at(last + 2).kind != Kind::string;
    if (!is_comparison(before)) return false;
    const auto index = static_cast<std::size_t>(&before - tokens_.all().data());
    return at(index - 1).kind != Kind::string;
  }

  std::string_view text_;
  Tokens tokens_;
  LuaSource source_;
  std::string body_;
  std::size_t copied_ = 0;  ///< of the text, into the body
};

}  // namespace

LuaSource read_lua(const std::string& text, bool is_body) {
  return Reader(text, is_body).source();
}

bool has_return(const std::string& text) {
  const Tokens tokens(text);
  return std::any_of(tokens.all().begin(), tokens.all().end(), [](const Token& token) {
    return token.kind == Kind::name && token.text == "return";
  });
}

}  // namespace nodeops::csv
