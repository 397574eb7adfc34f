// SPDX-License-Identifier: MIT
#include "csv/lua_tokens.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace nodeops::csv {
namespace {

using Kind = LuaToken::Kind;

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

  std::vector<LuaToken> all() && { return std::move(tokens_); }

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
  std::vector<LuaToken> tokens_;
};

template <std::size_t count>
bool is_one_of(const LuaToken& token, Kind kind, const std::array<std::string_view, count>& texts) {
  return token.kind == kind && std::find(texts.begin(), texts.end(), token.text) != texts.end();
}

}  // namespace

bool LuaToken::is_arithmetic() const {
  constexpr std::array<std::string_view, 7> signs = {"+", "-", "*", "/", "//", "%", "^"};
  return is_one_of(*this, Kind::sign, signs);
}

bool LuaToken::is_comparison() const {
  constexpr std::array<std::string_view, 4> orders = {"<", "<=", ">", ">="};
  return is_equality() || is_one_of(*this, Kind::sign, orders);
}

bool LuaToken::is_equality() const {
  return kind == Kind::sign && (text == "==" || text == "~=");
}

bool LuaToken::binds_closer() const {
  constexpr std::array<std::string_view, 7> signs = {"..", "#", "~", "&", "|", "<<", ">>"};
  return is_arithmetic() || is_one_of(*this, Kind::sign, signs) ||
         (kind == Kind::name && text == "not");
}

bool LuaToken::is_keyword() const {
  constexpr std::array<std::string_view, 22> keywords = {
      "and",      "break",  "do",   "else", "elseif", "end",  "false", "for",
      "function", "goto",   "if",   "in",   "local",  "nil",  "not",   "or",
      "repeat",   "return", "then", "true", "until",  "while"};
  return is_one_of(*this, Kind::name, keywords);
}

std::vector<LuaToken> lua_tokens(std::string_view text) {
  return Tokens(text).all();
}

}  // namespace nodeops::csv
