// SPDX-License-Identifier: MIT
#include "run_text.hpp"

#include <memory>
#include <stop_token>

#include "core/error.hpp"
#include "core/io.hpp"
#include "observe/events.hpp"
#include "observe/totals.hpp"

namespace nodeops::fuzz {

TextRun run_text(const csv::TransformOptions& options, std::string_view text, std::size_t piece) {
  MemorySink output;
  MemorySink rejects;
  MemorySink reasons;
  RunTotals totals;
  RunEvents events;
  std::stop_source stop;
  TextRun run;
  try {
    csv::transform(
        options,
        {{.name = "text", .open = [=] { return std::make_unique<MemorySource>(text, piece); }}},
        {.output = &output, .rejects = &rejects, .reasons = &reasons}, totals, events, stop);
  } catch (const AppError& error) {
    run.error = error.what();
  }
  run.output = output.text();
  run.rejects = rejects.text();
  run.reasons = reasons.text();
  run.in = totals.items_in;
  run.ok = totals.items_ok;
  run.failed = totals.items_failed;
  run.skipped = totals.items_skipped;
  return run;
}

}  // namespace nodeops::fuzz
