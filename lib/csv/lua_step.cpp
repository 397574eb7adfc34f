// SPDX-License-Identifier: MIT
#include "csv/lua_step.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "csv/column_scope.hpp"
#include "csv/lua_sandbox.hpp"
#include "csv/lua_source.hpp"
#include "csv/number_text.hpp"

namespace nodeops::csv {
namespace {

/// What the workers of one expression share.
struct BoundExpression {
  std::string name;  ///< for messages: "--set total"
  std::string chunk;
  std::vector<LuaAccess> accesses;
  std::vector<std::size_t> arguments = {};  ///< the columns of the accesses
  bool uses_row = false;
  std::vector<std::size_t> columns = {};  ///< uses_row: all, in order, and their names
  std::vector<std::string> names = {};
  std::optional<std::size_t> target = {};  ///< empty: keeps or leaves out
};

class LuaWorker : public RowWorker {
 public:
  explicit LuaWorker(std::shared_ptr<const BoundExpression> expression)
      : expression_(std::move(expression)),
        function_(expression_->name, expression_->chunk),
        arguments_(expression_->arguments.size()) {
    for (std::size_t i = 0; i < arguments_.size(); ++i)
      arguments_[i].as_number = expression_->accesses[i].as_number;
    asked_.by_name = [this](std::string_view name) { return value_by_name(name); };
    asked_.by_position = [this](std::int64_t position) { return value_at(position); };
  }

  void apply(std::span<Row> rows) override {
    for (Row& row : rows) apply_to(row);
  }

 private:
  void apply_to(Row& row) {
    for (std::size_t i = 0; i < arguments_.size(); ++i)
      arguments_[i].text = row.value(expression_->arguments[i]);
    row_ = &row;
    const LuaResult result =
        function_.call(arguments_, expression_->uses_row ? &asked_ : nullptr, row.scratch());
    if (!expression_->target) {
      if (result.failed) {
        row.refuse(explained(result.text));
      } else if (!result.holds) {
        row.filter();
      }
    } else if (result.failed) {
      row.refuse(explained(result.text), *expression_->target);
    } else {
      row.set(*expression_->target, result.text);
    }
  }

  /// Lua's message with the columns' names for those of the parameters.
  std::string explained(std::string_view message) const {
    std::string text(message);
    for (std::size_t i = arguments_.size(); i-- > 0;) {
      const std::string parameter = "local '_row_" + std::to_string(i + 1) + "'";
      const auto at = text.find(parameter);
      if (at != std::string::npos) text.replace(at, parameter.size(), label(i));
    }
    // Lua says which types it cannot calculate with or compare; whose they are is known here.
    const auto types = text.find("attempt to ");
    if (types != std::string::npos && text.find(" with ", types) != std::string::npos) {
      if (const std::string culprits = no_numbers(); !culprits.empty())
        text.replace(types, std::string::npos, culprits);
    }
    if (!text.starts_with(expression_->name)) text = expression_->name + ": " + text;
    return text;
  }

  /// "row.price is empty, row.qty is not a number"
  std::string no_numbers() const {
    std::string text;
    for (std::size_t i = 0; i < arguments_.size(); ++i) {
      const std::string_view value = arguments_[i].text;
      if (!arguments_[i].as_number || read_number(value)) continue;
      text += (text.empty() ? "" : ", ") + label(i) +
              (value.empty() ? " is empty" : " is not a number");
    }
    return text;
  }

  std::string label(std::size_t argument) const {
    const LuaAccess& access = expression_->accesses[argument];
    return access.name.empty() ? "row[" + std::to_string(access.position) + "]"
                               : "row." + access.name;
  }

  std::optional<std::string_view> value_by_name(std::string_view name) const {
    for (std::size_t i = 0; i < expression_->names.size(); ++i) {
      if (expression_->names[i] == name) return row_->value(expression_->columns[i]);
    }
    return std::nullopt;
  }

  std::optional<std::string_view> value_at(std::int64_t position) const {
    const auto count = static_cast<std::int64_t>(expression_->columns.size());
    if (position < 1 || position > count) return std::nullopt;
    return row_->value(expression_->columns[static_cast<std::size_t>(position - 1)]);
  }

  std::shared_ptr<const BoundExpression> expression_;
  LuaFunction function_;
  std::vector<LuaArgument> arguments_;
  LuaRow asked_;
  const Row* row_ = nullptr;  ///< the one at hand
};

class BoundLua : public BoundRowTransform {
 public:
  explicit BoundLua(BoundExpression expression)
      : expression_(std::make_shared<const BoundExpression>(std::move(expression))) {}

  std::unique_ptr<RowWorker> make_worker() const override {
    return std::make_unique<LuaWorker>(expression_);
  }

 private:
  std::shared_ptr<const BoundExpression> expression_;
};

class LuaTransform : public RowTransform {
 public:
  LuaTransform(std::string name, std::optional<std::string> target, const std::string& expression)
      : name_(std::move(name)), target_(std::move(target)), source_(read(expression)) {
    LuaFunction(name_, source_.text);
  }

  bool filters() const override { return !target_; }

  std::shared_ptr<const BoundRowTransform> bind(ColumnScope& columns) const override {
    BoundExpression bound{.name = name_,
                          .chunk = source_.text,
                          .accesses = source_.accesses,
                          .uses_row = source_.uses_row};
    for (const LuaAccess& access : source_.accesses)
      bound.arguments.push_back(columns.read(place_of(access, columns)));
    for (std::size_t i = 0; source_.uses_row && i < columns.names().size(); ++i)
      bound.columns.push_back(columns.read(i));
    if (source_.uses_row && columns.has_names()) bound.names = columns.names();
    if (target_) bound.target = target(columns);
    return std::make_shared<BoundLua>(std::move(bound));
  }

 private:
  /// The text as an expression, else as a body that returns something.
  LuaSource read(const std::string& text) const {
    if (text.find_first_not_of(" \t\r\n") == std::string::npos)
      throw AppError(ErrorKind::usage, name_ + ": the expression is empty");
    try {
      LuaFunction::check(name_, "return " + text);
    } catch (const AppError& as_expression) {
      if (!has_return(text)) throw;
      LuaFunction::check(name_, text);
      return read_named(text, true);
    }
    return read_named(text, false);
  }

  LuaSource read_named(const std::string& text, bool is_body) const {
    try {
      return read_lua(text, is_body);
    } catch (const AppError& error) {
      throw AppError(error.kind(), name_ + ": " + error.what(), error.advice());
    }
  }

  static std::size_t place_of(const LuaAccess& access, const ColumnScope& columns) {
    if (!access.name.empty()) return columns.find(access.name);
    const std::size_t count = columns.names().size();
    if (access.position < 1 || access.position > count) {
      throw AppError(ErrorKind::usage,
                     columns.option() + ": no column " + std::to_string(access.position),
                     "there are " + std::to_string(count) + ", counted from 1");
    }
    return access.position - 1;
  }

  std::size_t target(ColumnScope& columns) const {
    if (const auto place = columns.find_name(*target_)) return columns.change(*place);
    const bool is_number = target_->find_first_not_of("0123456789") == std::string::npos;
    const bool is_next = *target_ == std::to_string(columns.names().size() + 1);
    if (columns.has_names() ? is_number : !is_next) return columns.change(columns.find(*target_));
    return columns.add(columns.has_names() ? *target_ : std::string());
  }

  std::string name_;
  std::optional<std::string> target_;
  LuaSource source_;
};

}  // namespace

std::shared_ptr<const RowTransform> set_column(const std::string& column,
                                               const std::string& expression) {
  return std::make_shared<LuaTransform>("--set " + column, column, expression);
}

std::shared_ptr<const RowTransform> where_lua(const std::string& expression) {
  return std::make_shared<LuaTransform>("--where-lua", std::nullopt, expression);
}

}  // namespace nodeops::csv
