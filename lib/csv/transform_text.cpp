// SPDX-License-Identifier: MIT
#include "csv/transform_text.hpp"

#include <memory>
#include <utility>

namespace nodeops::csv {

TextOutcome transform_text(const TransformOptions& options, std::string_view text,
                           std::size_t piece) {
  MemorySink output;
  MemorySink rejects;
  MemorySink reasons;
  TransformSinks sinks;
  sinks.output = &output;
  sinks.rejects = &rejects;
  sinks.reasons = &reasons;
  std::vector<TableInput> inputs;
  inputs.push_back(
      {.name = "-", .open = [=] { return std::make_unique<MemorySource>(text, piece); }});
  RunTotals totals;
  RunEvents events;
  std::stop_source stop;
  TextOutcome outcome;
  try {
    transform(options, std::move(inputs), sinks, totals, events, stop);
  } catch (const AppError& error) {
    outcome.error = error;
  }
  outcome.output = output.text();
  outcome.rejects = rejects.text();
  outcome.reasons = reasons.text();
  outcome.records = totals.items_in;
  outcome.refused = totals.items_failed;
  outcome.filtered = totals.items_skipped;
  return outcome;
}

}  // namespace nodeops::csv
