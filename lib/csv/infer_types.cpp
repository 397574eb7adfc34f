// SPDX-License-Identifier: MIT
#include "csv/infer_types.hpp"

#include <utility>

#include "csv/record_runner.hpp"

namespace nodeops::csv {
namespace {

bool has_records(const Chunk& chunk) {
  return chunk.index.record_count > chunk.skip;
}

}  // namespace

std::optional<std::vector<ColumnType>> infer_types(Block& block, RunPlan& plan) {
  if (!has_records(block.straddling) && !has_records(block.chunk)) return std::nullopt;
  const std::size_t columns = plan.program.output.size();
  RowForm typed = std::exchange(plan.rows, {.empty_as_null = plan.rows.empty_as_null});
  plan.rows.types.assign(columns, ColumnType::text);
  block.plan = &plan;
  RecordRunner runner;
  runner.run(block);
  plan.rows = std::move(typed);
  std::vector<TypeGuess> guesses(columns);
  for (std::string_view rows : block.output.pieces()) {
    while (!rows.empty()) {
      std::string_view row = take_row(rows).bytes;
      for (TypeGuess& guess : guesses) {
        const RowValue value = take_value(row);
        if (!value.null) guess.see(value.text);
      }
    }
  }
  std::vector<ColumnType> types;
  types.reserve(columns);
  for (const TypeGuess& guess : guesses) types.push_back(guess.type());
  return types;
}

}  // namespace nodeops::csv
