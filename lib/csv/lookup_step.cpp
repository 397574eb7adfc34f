// SPDX-License-Identifier: MIT
#include "csv/lookup_step.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "csv/column_scope.hpp"

namespace nodeops::csv {
namespace {

/// What stands before the first plain `sign`, without the backslashes in front of such signs; takes
/// it and the sign off the text. Without a sign: all.
std::string take_part(std::string_view& text, char sign) {
  std::string part;
  std::size_t at = 0;
  for (; at < text.size() && text[at] != sign; ++at) {
    if (text[at] == '\\' && at + 1 < text.size() && text[at + 1] == sign) ++at;
    part += text[at];
  }
  text.remove_prefix(at);
  return part;
}

/// What the workers share.
struct BoundLookup {
  std::shared_ptr<const Lookup> lookup;
  std::string name;  ///< for messages
  LookupMissing missing = LookupMissing::empty;
  std::size_t key = 0;
  std::size_t first_added = 0;  ///< the columns that were added have numbers in a row
};

class LookupWorker : public RowWorker {
 public:
  explicit LookupWorker(const BoundLookup& bound) : bound_(bound) {}

  void apply(std::span<Row> rows) override {
    for (Row& row : rows) {
      if (const auto found = bound_.lookup->table.find(row.value(bound_.key))) {
        found->each(
            [&](std::size_t i, std::string_view value) { row.set(bound_.first_added + i, value); });
      } else if (bound_.missing == LookupMissing::reject) {
        row.refuse("is not in " + bound_.name, bound_.key);
      } else {
        for (std::size_t i = 0; i < bound_.lookup->names.size(); ++i)
          row.set(bound_.first_added + i, {});
      }
    }
  }

 private:
  const BoundLookup& bound_;
};

class BoundLookupStep : public BoundRowTransform {
 public:
  explicit BoundLookupStep(BoundLookup bound) : bound_(std::move(bound)) {}
  std::unique_ptr<RowWorker> make_worker() const override {
    return std::make_unique<LookupWorker>(bound_);
  }

 private:
  BoundLookup bound_;
};

class LookupStep : public RowTransform {
 public:
  LookupStep(LookupText text, LookupMissing missing)
      : text_(std::move(text)),
        missing_(missing),
        lookup_(std::make_shared<const Lookup>(read_lookup(text_.file))) {}

  std::size_t memory() const { return lookup_->table.memory(); }

  std::shared_ptr<const BoundRowTransform> bind(ColumnScope& columns) const override {
    BoundLookup bound{.lookup = lookup_, .name = text_.file.path, .missing = missing_};
    bound.key = columns.read(columns.find(text_.column));
    for (std::size_t i = 0; i < lookup_->names.size(); ++i) {
      const std::size_t column = columns.add(lookup_->names[i]);
      if (i == 0) bound.first_added = column;
    }
    return std::make_shared<BoundLookupStep>(std::move(bound));
  }

 private:
  LookupText text_;
  LookupMissing missing_;
  std::shared_ptr<const Lookup> lookup_;
};

}  // namespace

std::string lookup_path(std::string_view text) {
  return take_part(text, ':');
}

LookupText parse_lookup(const std::string& text) {
  std::string_view rest = text;
  LookupText parsed;
  parsed.file.path = take_part(rest, ':');
  if (!rest.empty()) rest.remove_prefix(1);
  const std::string both_keys = take_part(rest, ':');
  std::string_view keys = both_keys;
  parsed.column = parsed.file.key = take_part(keys, '=');
  if (!keys.empty()) {
    keys.remove_prefix(1);
    parsed.file.key = take_part(keys, '=');
  }
  if (parsed.file.path.empty() || parsed.column.empty() || parsed.file.key.empty()) {
    throw AppError(ErrorKind::usage, "'" + text + "' is not of the form FILE:KEY[:COLS]",
                   "KEY is a column of both, or COL=COLUMN-OF-FILE");
  }
  if (!rest.empty()) parsed.file.columns = parse_columns(rest.substr(1));
  return parsed;
}

std::shared_ptr<const RowTransform> lookup(LookupText text, LookupMissing missing,
                                           std::size_t* memory) {
  if (memory != nullptr) text.file.memory = *memory;
  auto step = std::make_shared<const LookupStep>(std::move(text), missing);
  if (memory != nullptr) *memory -= std::min(*memory, step->memory());
  return step;
}

}  // namespace nodeops::csv
