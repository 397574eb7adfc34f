// SPDX-License-Identifier: MIT
#include "csv/lua_source.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "csv/lua_tokens.hpp"

namespace nodeops::csv {
namespace {

using Token = LuaToken;
using Kind = LuaToken::Kind;

constexpr auto nowhere = std::string_view::npos;

/// A part of the text and what takes its place.
struct Edit {
  std::size_t begin;
  std::size_t size;
  std::string text;
};

std::string edited(std::string_view text, std::vector<Edit> edits) {
  // What is put in before a token stands before what takes the token's place.
  std::stable_sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.size == 0 && b.size > 0;
  });
  std::string result;
  std::size_t copied = 0;
  for (const Edit& edit : edits) {
    result.append(text.substr(copied, edit.begin - copied)).append(edit.text);
    copied = edit.begin + edit.size;
  }
  return result.append(text.substr(copied));
}

bool is_opening(const Token& token) {
  return token.text == "(" || token.text == "[" || token.text == "{";
}

bool is_closing(const Token& token) {
  return token.text == ")" || token.text == "]" || token.text == "}";
}

class Reader {
 public:
  Reader(std::string_view text, bool is_body) : tokens_(lua_tokens(text)) {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (at(i).text == "function") check_parameters(i);
      if (at(i).kind == Kind::name) check_name(at(i).text);
      if (at(i).kind == Kind::name && at(i).text == "row" && !selects_member(i - 1)) take_row(i);
    }
    source_.text = "return function(row";
    for (std::size_t i = 0; i < source_.accesses.size(); ++i) source_.text += "," + parameter(i);
    source_.text += is_body ? ") " : ") return ";
    source_.text += edited(text, std::move(edits_)) + "\nend";
  }

  LuaSource& source() { return source_; }

 private:
  /// Any index: what stands beyond both ends is an empty token.
  const Token& at(std::size_t i) const {
    static const Token none;
    return i < tokens_.size() ? tokens_[i] : none;
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
    while (i < tokens_.size() && at(i).text != "(") ++i;
    for (; i < tokens_.size() && at(i).text != ")"; ++i) {
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
    access.as_number = last != i && !take_equality(i, last) && is_number(i, last);
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
    edits_.push_back({at(i).begin, end_of(last) - at(i).begin, parameter(index)});
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

  std::size_t end_of(std::size_t i) const { return at(i).begin + at(i).text.size(); }

  /// True for an access that `row.a` or the like is, and nothing more.
  bool is_access(std::size_t begin, std::size_t last) const {
    LuaAccess access;
    return at(begin).text == "row" && last != begin && find_access(begin, access) == last;
  }

  /// The bracket that belongs to the one at `i`.
  std::size_t partner(std::size_t i) const {
    const bool forward = is_opening(at(i));
    int open = 0;
    for (; i < tokens_.size(); forward ? ++i : --i) {
      if (is_opening(at(i))) ++open;
      if (is_closing(at(i))) --open;
      if (open == 0) return i;
    }
    return nowhere;
  }

  bool is_own_name(std::size_t i) const { return at(i).kind == Kind::name && !at(i).is_keyword(); }

  bool selects_member(std::size_t i) const { return at(i).text == "." || at(i).text == ":"; }

  /// The last token of the variable, call or parenthesis that starts here (3.4, `prefixexp`).
  std::size_t operand_end(std::size_t i) const {
    if (!is_own_name(i) && at(i).text != "(") return nowhere;
    std::size_t last = is_own_name(i) ? i : partner(i);
    while (last != nowhere) {
      if (selects_member(last + 1)) {
        last += 2;
      } else if (is_opening(at(last + 1))) {
        last = partner(last + 1);
      } else if (at(last + 1).kind == Kind::string) {
        ++last;
      } else {
        break;
      }
    }
    return last;
  }

  /// The first token of the one that ends here.
  std::size_t operand_begin(std::size_t i) const {
    for (std::size_t first = i; first != nowhere;) {
      if (is_own_name(first)) {
        if (!selects_member(first - 1)) return first;
        first -= 2;
      } else if (at(first).text == ")" || at(first).text == "]") {
        first = partner(first);
        const bool is_suffix =
            is_own_name(first - 1) || at(first - 1).text == ")" || at(first - 1).text == "]";
        if (!is_suffix) return first;
        --first;
      } else {
        break;
      }
    }
    return nowhere;
  }

  bool stands_alone(std::size_t before, std::size_t behind) const {
    const auto takes = [this](std::size_t i) {
      return at(i).binds_closer() || at(i).is_comparison();
    };
    return !takes(before) && !takes(behind) && !selects_member(behind) && at(behind).text != "[";
  }

  /// Whether a variable or a call is a number or a text shows when it has been run: such an
  /// equality is given to a function. False when the access is no part of one.
  bool take_equality(std::size_t i, std::size_t last) {
    if (at(last + 1).is_equality()) {
      const std::size_t end = operand_end(last + 2);
      return end != nowhere && !is_access(last + 2, end) && give_equality(i, last + 1, end);
    }
    if (!at(i - 1).is_equality()) return false;
    const std::size_t begin = operand_begin(i - 2);
    return begin != nowhere && !is_access(begin, i - 2) && give_equality(begin, i - 1, last);
  }

  bool give_equality(std::size_t begin, std::size_t sign, std::size_t last) {
    if (!stands_alone(begin - 1, last + 1)) return false;
    const bool is_unequal = at(sign).text == "~=";
    edits_.push_back({at(begin).begin, 0, is_unequal ? "not _row_equal(" : "_row_equal("});
    edits_.push_back({at(sign).begin, at(sign).text.size(), ","});
    edits_.push_back({end_of(last), 0, ")"});
    return true;
  }

  bool is_number(std::size_t i, std::size_t last) const {
    const Token& before = at(i - 1);
    const Token& behind = at(last + 1);
    const bool is_operand_of_word = before.text == "#" || before.text == "not";
    if (is_operand_of_word || selects_member(last + 1) || behind.text == "[") return false;
    if (before.is_arithmetic() || behind.is_arithmetic()) return true;
    if (before.text == ".." || behind.text == "..") return false;
    if (behind.is_comparison()) return at(last + 2).kind != Kind::string;
    return before.is_comparison() && at(i - 2).kind != Kind::string;
  }

  std::vector<Token> tokens_;
  LuaSource source_;
  std::vector<Edit> edits_;
};

}  // namespace

LuaSource read_lua(const std::string& text, bool is_body) {
  return Reader(text, is_body).source();
}

bool has_return(const std::string& text) {
  const auto tokens = lua_tokens(text);
  return std::any_of(tokens.begin(), tokens.end(), [](const Token& token) {
    return token.kind == Kind::name && token.text == "return";
  });
}

}  // namespace nodeops::csv
