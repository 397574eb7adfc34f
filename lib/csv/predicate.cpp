// SPDX-License-Identifier: MIT
#include "csv/predicate.hpp"

#include <compare>
#include <optional>
#include <utility>

#include "core/error.hpp"
#include "csv/decimal.hpp"
#include "csv/regex.hpp"

namespace nodeops::csv {

/// The right side made ready. It stays where it is, since the number points into the text.
struct Predicate::Right {
  std::string text;
  std::optional<Decimal> number;
  std::optional<Regex> expression;

  Right(std::string right, bool is_expression) : text(std::move(right)) {
    number = parse_decimal(text);
    if (is_expression) expression.emplace(text);
  }
};

Predicate::Predicate(std::string column, Operator comparison, std::string right)
    : column_(std::move(column)),
      right_(std::move(right)),
      operator_(comparison),
      prepared_(std::make_shared<const Right>(right_, comparison == Operator::matches)) {
  plain_ =
      (comparison == Operator::equal || comparison == Operator::not_equal) && !prepared_->number;
}

bool Predicate::holds_by_kind(std::string_view value) const {
  if (operator_ == Operator::matches) return prepared_->expression->found_in(value);
  if (operator_ == Operator::contains) return value.find(right_) != std::string_view::npos;
  if (operator_ == Operator::starts_with) return value.starts_with(right_);
  const auto number = prepared_->number ? parse_decimal(value) : std::nullopt;
  const auto order = number ? compare(*number, *prepared_->number)
                            : std::weak_ordering(value.compare(right_) <=> 0);
  switch (operator_) {
    case Operator::equal:
      return order == 0;
    case Operator::not_equal:
      return order != 0;
    case Operator::less:
      return order < 0;
    case Operator::less_or_equal:
      return order <= 0;
    case Operator::greater:
      return order > 0;
    case Operator::greater_or_equal:
      return order >= 0;
    default:
      return false;
  }
}

namespace {

constexpr std::string_view spaces = " \t";
constexpr std::string_view advice =
    "write 'COL OP VALUE', with one of == != < <= > >= ~ contains startswith";

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  throw AppError(ErrorKind::usage, "'" + std::string(text) + "': " + why, std::string(advice));
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(spaces) + 1 - first);
}

/// Takes a quoted name or value, which begins `left`, off it.
std::string cut_quoted(std::string_view& left, std::string_view text) {
  std::string made;
  for (std::size_t i = 1; i < left.size(); ++i) {
    if (left[i] == '"') {
      if (i + 1 == left.size() || left[i + 1] != '"') {
        left.remove_prefix(i + 1);
        return made;
      }
      ++i;
    }
    made += left[i];
  }
  refuse(text, "a quote never closes");
}

bool is_sign(char c) {
  return std::string_view("=!<>~").find(c) != std::string_view::npos;
}

/// Whether `word` stands at `at`, with spaces (or an end, or a quote behind it) on both sides.
bool stands_alone(std::string_view text, std::size_t at, std::string_view word) {
  if (!text.substr(at).starts_with(word)) return false;
  const auto end = at + word.size();
  const auto is_space = [](char c) { return spaces.find(c) != std::string_view::npos; };
  return (at == 0 || is_space(text[at - 1])) &&
         (end == text.size() || is_space(text[end]) || text[end] == '"');
}

std::size_t operator_place(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_sign(text[i]) || stands_alone(text, i, "contains") ||
        stands_alone(text, i, "startswith")) {
      return i;
    }
  }
  return text.size();
}

Predicate::Operator cut_operator(std::string_view& left, std::string_view text) {
  using Operator = Predicate::Operator;
  for (const auto& [word, meaning] :
       {std::pair{std::string_view("contains"), Operator::contains},
        std::pair{std::string_view("startswith"), Operator::starts_with}}) {
    if (!stands_alone(left, 0, word)) continue;
    left.remove_prefix(word.size());
    return meaning;
  }
  std::size_t size = 0;
  while (size < left.size() && is_sign(left[size])) ++size;
  // Only ~ may be followed by a value that begins with a sign: a ~ <b>.
  if (size > 1 && left[0] == '~') size = 1;
  const auto sign = left.substr(0, size);
  left.remove_prefix(size);
  constexpr std::pair<std::string_view, Operator> signs[] = {
      {"==", Operator::equal},  {"!=", Operator::not_equal},
      {"<", Operator::less},    {"<=", Operator::less_or_equal},
      {">", Operator::greater}, {">=", Operator::greater_or_equal},
      {"~", Operator::matches}};
  for (const auto& [known, meaning] : signs) {
    if (sign == known) return meaning;
  }
  if (sign.empty()) refuse(text, "there is no operator behind the column");
  refuse(text, "'" + std::string(sign) + "' is not an operator");
}

}  // namespace

Predicate parse_predicate(std::string_view text) {
  std::string_view left = trimmed(text);
  std::string column;
  if (!left.empty() && left[0] == '"') {
    column = cut_quoted(left, text);
    left = trimmed(left);
  } else {
    const auto place = operator_place(left);
    column = trimmed(left.substr(0, place));
    if (place == left.size()) refuse(text, "there is no operator");
    left.remove_prefix(place);
  }
  if (column.empty()) refuse(text, "there is no column before the operator");
  const auto comparison = cut_operator(left, text);
  left = trimmed(left);
  if (left.empty()) refuse(text, "there is no value behind the operator (empty is \"\")");
  if (left[0] != '"') return {std::move(column), comparison, std::string(left)};
  auto value = cut_quoted(left, text);
  if (!trimmed(left).empty()) refuse(text, "something stands behind the closing quote");
  return {std::move(column), comparison, std::move(value)};
}

}  // namespace nodeops::csv
