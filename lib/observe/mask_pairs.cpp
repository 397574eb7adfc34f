// SPDX-License-Identifier: MIT
#include <optional>

#include "observe/ascii.hpp"
#include "observe/mask_keys.hpp"
#include "observe/mask_patterns.hpp"

namespace nodeops::mask {
namespace {

using ascii::at;
using ascii::before;
using ascii::is_blank;
using ascii::is_digit;
using ascii::is_letter;
using ascii::is_space;
using ascii::is_word;
using ascii::skip;

bool is_key(char c) {
  return is_word(c) || c == '-' || c == '.';
}

/// A key and how it is joined to its value.
struct Joint {
  char sign = '\0';     ///< '=' or ':' or ' ' (--key value); NUL: no value follows
  bool spaced = false;  ///< white space behind the sign
  bool quoted_key = false;
  std::size_t value = 0;  ///< where the value starts, before its quote
};

/// Skips backslashes and one quote; `place` itself if no quote comes.
std::size_t skip_quote(std::string_view text, std::size_t place) {
  const std::size_t end = skip(text, place, [](char c) { return c == '\\'; });
  return at(text, end) == '"' || at(text, end) == '\'' ? end + 1 : place;
}

Joint read_joint(std::string_view text, std::size_t key_begin, std::size_t key_end) {
  const std::size_t unquoted = skip_quote(text, key_end);
  const std::size_t sign = skip(text, unquoted, is_blank);
  Joint joint{.quoted_key = unquoted != key_end};
  const char c = at(text, sign);
  std::size_t behind = sign + 1;
  if (c == '=' && at(text, behind) == '>') ++behind;
  const bool doubled = at(text, behind) == c;  // "==" compares, "::" is a scope
  if ((c == '=' || c == ':') && !doubled) {
    joint.sign = c;
    joint.value = skip(text, behind, is_blank);
    joint.spaced = joint.value != behind;
  } else if (sign != key_end && !joint.quoted_key && text.substr(key_begin, 2) == "--") {
    joint.sign = ' ';
    joint.value = sign;
  }
  return joint;
}

/// A value between quotes that may themselves be escaped (JSON inside of JSON); to the end of the
/// text if they never close.
struct Span {
  std::size_t begin;
  std::size_t end;
};

Span read_quoted(std::string_view text, std::size_t begin, std::size_t backslashes, char quote) {
  std::size_t run = 0;  // of backslashes
  for (std::size_t place = begin; place < text.size(); ++place) {
    if (text[place] == '\\') {
      ++run;
      continue;
    }
    const bool closes = backslashes == 0 ? run % 2 == 0 : run <= backslashes;
    if (text[place] == quote && closes) return {begin, backslashes == 0 ? place : place - run};
    run = 0;
  }
  return {begin, text.size()};
}

bool ends_value(char c) {
  return is_space(c) || std::string_view("&;\"'<>)}").find(c) != std::string_view::npos;
}

/// The value of a person's name or address goes on over spaces, up to a sign or to the word before
/// the next '=' or ':'.
std::size_t end_of_phrase(std::string_view text, std::size_t begin) {
  const auto stops = [](char c) {
    return std::string_view(",;&|\"'<>(){}[]\n\r\t=").find(c) != std::string_view::npos;
  };
  std::size_t end = begin;
  for (std::size_t place = begin; place < text.size() && !stops(text[place]);) {
    const std::size_t word_end =
        skip(text, place, [&](char c) { return c != ' ' && c != ':' && !stops(c); });
    const char next = at(text, word_end);
    if (place != begin && (next == '=' || next == ':')) break;
    end = word_end;
    if (next != ' ') break;
    place = skip(text, word_end, is_blank);
    if (place == text.size() || stops(text[place])) break;
  }
  return std::max(end, begin);
}

/// "12:" behind "token:" is the line number of a file of that name.
bool is_line_number(std::string_view text, std::size_t begin) {
  const std::size_t end = skip(text, begin, is_digit);
  return end != begin && at(text, end) == ':';
}

/// Schemes whose credentials are a list up to the end of the line.
bool has_parameters(std::string_view text, std::size_t begin) {
  for (const std::string_view scheme :
       {"digest ", "oauth ", "hawk ", "signature ", "aws4-hmac-sha256 "}) {
    if (ascii::stands_at(text, begin, scheme)) return true;
  }
  return false;
}

Span read_value(std::string_view text, const Joint& joint, KeyClass what) {
  const std::size_t inside = skip_quote(text, joint.value);
  if (inside != joint.value) {
    return read_quoted(text, inside, inside - joint.value - 1, text[inside - 1]);
  }
  const std::size_t begin = joint.value;
  // A password may hold a comma, but in JSON the next key comes behind it.
  const auto in_value = [&joint](char c) {
    return !ends_value(c) && !(c == ',' && joint.quoted_key);
  };
  std::size_t end = begin;
  switch (what) {
    case KeyClass::cookie:
      end =
          skip(text, begin, [](char c) { return c != '\n' && c != '\r' && c != '"' && c != '\''; });
      break;
    case KeyClass::authorization: {
      if (has_parameters(text, begin)) {
        end = std::min(text.find_first_of("\r\n", begin), text.size());
        break;
      }
      const std::size_t scheme = skip(text, begin, is_letter);
      const std::size_t credentials = skip(text, scheme, is_blank);
      end = skip(text, scheme != begin && credentials != scheme ? credentials : begin, in_value);
      break;
    }
    case KeyClass::person:
    case KeyClass::address:
    case KeyClass::phone:
    case KeyClass::card:
    case KeyClass::account:
    case KeyClass::withheld:
      end = end_of_phrase(text, begin);
      break;
    case KeyClass::hidden:
    case KeyClass::secret:
    case KeyClass::email:
    case KeyClass::harmless:
      end = skip(text, begin, in_value);
      break;
  }
  return {begin, end};
}

/// "secret":["…", …]: texts or numbers, not containers, which have keys of their own.
bool is_array(std::string_view text, const Joint& joint) {
  if (at(text, joint.value) != '[' || !joint.quoted_key) return false;
  const char first = at(text, skip(text, joint.value + 1, is_space));
  return first == '"' || first == '\\' || is_digit(first);
}

std::string masked(std::string_view text, Span value, KeyClass what) {
  return as_class(what, text.substr(value.begin, value.end - value.begin));
}

/// Masks the items of an array up to its end or its first container; returns where it stopped.
std::size_t mask_items(std::string_view text, std::size_t array, KeyClass what, Rewrite& rewrite) {
  const auto in_bare_item = [](char c) {
    return !is_space(c) && std::string_view(",]}[{").find(c) == std::string_view::npos;
  };
  std::size_t place = array;
  do {
    const std::size_t item = skip(text, place + 1, is_space);
    const std::size_t inside = skip_quote(text, item);
    Span value{item, item};
    if (inside != item)
      value = read_quoted(text, inside, inside - item - 1, text[inside - 1]);
    else
      value.end = skip(text, item, in_bare_item);
    if (value.begin != value.end)
      rewrite.replace(value.begin, value.end, masked(text, value, what));
    place = skip(text, inside != item ? skip_quote(text, value.end) : value.end, is_space);
  } while (at(text, place) == ',');
  return place;
}

/// "column 'phone': not a number" says something about a column.
bool is_about_column(std::string_view text, std::size_t key_begin, const Joint& joint) {
  constexpr std::string_view word = "column ";
  if (joint.sign != ':' || !joint.quoted_key || key_begin <= word.size()) return false;
  return ascii::stands_at(text, key_begin - 1 - word.size(), word) &&
         is_letter(at(text, joint.value));
}

/// Where a message about a column quotes its value: "bad value '…'". Empty if it does not.
std::optional<std::size_t> quoted_value(std::string_view text, std::size_t begin) {
  constexpr std::size_t longest = 120;
  constexpr std::string_view word = "value ";
  std::string_view message = text.substr(begin, longest);
  message = message.substr(0, message.find('\n'));
  const std::size_t found = message.find(word);
  if (found == std::string_view::npos) return {};
  const std::size_t quote = begin + found + word.size();
  return skip_quote(text, quote) == quote ? std::nullopt : std::optional(quote);
}

/// True when no value to mask follows: a container (its own keys come), or a line number.
bool is_left_alone(std::string_view text, const Joint& joint) {
  const char first = at(text, joint.value);
  if (first == '{' || (first == '[' && !is_array(text, joint))) return true;
  return !joint.spaced && joint.sign == ':' && is_line_number(text, joint.value);
}

}  // namespace

void pairs(std::string& text, Keys keys) {
  const std::string_view view = text;
  if (view.find_first_of("=:") == std::string_view::npos &&
      view.find("--") == std::string_view::npos)
    return;
  Rewrite rewrite(text);
  std::size_t previous = 0;  // where the word before this one starts, if one space is between
  bool has_previous = false;
  for (std::size_t place = 0; place < view.size();) {
    if (!is_key(view[place])) {
      has_previous = has_previous && view[place] == ' ' && is_key(before(view, place));
      ++place;
      continue;
    }
    const std::size_t end = skip(view, place, is_key);
    Joint joint = read_joint(view, place, end);
    // "customer name: …" is a key of two words.
    const bool phrase = joint.sign == ':' && !joint.quoted_key && has_previous;
    const std::size_t begin = phrase ? previous : place;
    previous = place;
    has_previous = true;
    place = end;
    if (joint.sign == '\0') continue;
    if (is_about_column(view, begin, joint)) {
      const auto value_of_column = quoted_value(view, joint.value);
      if (!value_of_column) continue;
      joint.value = *value_of_column;
    }
    const KeyClass what = classify_key(view.substr(begin, end - begin));
    if (what == KeyClass::harmless || (keys == Keys::secret && !is_secret(what))) continue;
    if (is_left_alone(view, joint)) continue;
    if (is_array(view, joint)) {
      place = mask_items(view, joint.value, what, rewrite);
    } else {
      const Span value = read_value(view, joint, what);
      if (value.begin == value.end) continue;
      rewrite.replace(value.begin, value.end, masked(view, value, what));
      place = value.end;
    }
    has_previous = false;
  }
  rewrite.finish();
}

}  // namespace nodeops::mask
