// SPDX-License-Identifier: MIT
#include "observe/event_stream.hpp"

#include "core/units.hpp"
#include "observe/json_object.hpp"
#include "observe/mask.hpp"

namespace nodeops {
namespace {

double milliseconds(std::chrono::nanoseconds time) {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::microseconds>(time).count()) /
         1000;
}

/// Adds what an event carries behind its name and time.
class Members {
 public:
  Members(JsonObject& line, std::chrono::system_clock::time_point now) : line_(line), now_(now) {}

  void operator()(const Started& event) {
    head("started", event.time).add("command", event.command).add("version", event.version);
  }
  void operator()(const InputOpened& event) {
    head("input_opened", now_).add("path", mask_text(event.path));
    if (event.bytes) line_.add("bytes", *event.bytes);
  }
  void operator()(const Progress& event) {
    const TotalsSnapshot& totals = event.totals;
    head("progress", now_)
        .add("items_in", totals.items_in)
        .add("items_ok", totals.items_ok)
        .add("items_failed", totals.items_failed)
        .add("items_skipped", totals.items_skipped)
        .add("bytes_in", totals.bytes_in)
        .add("bytes_out", totals.bytes_out);
    if (totals.expected_bytes != 0) line_.add("expected_bytes", totals.expected_bytes);
    line_.add("elapsed_ms", milliseconds(event.elapsed));
  }
  void operator()(const ItemFailed& event) {
    head("item_failed", now_)
        .add("item", mask_text(event.item))
        .add("type", "urn:nodeops:error:" + event.type)
        .add("detail", mask_text(event.detail));
    if (event.line) line_.add("line", *event.line);
    if (event.offset) line_.add("offset", *event.offset);
    if (event.column) line_.add("column", mask_text(*event.column));
  }
  void operator()(const Retry& event) {
    head("retry", now_)
        .add("what", mask_text(event.what))
        .add("attempt", event.attempt)
        .add("wait_ms", milliseconds(event.wait))
        .add("detail", mask_text(event.detail));
  }
  void operator()(const Warning& event) {
    head("warning", now_).add("message", mask_text(event.message));
  }
  void operator()(const OutputWritten& event) {
    head("output_written", now_).add("path", mask_text(event.path)).add("bytes", event.bytes);
  }
  void operator()(const Finished& event) {
    head("finished", now_)
        .add("exit_code", event.exit_code)
        .add("interrupted", event.interrupted)
        .add("elapsed_ms", milliseconds(event.elapsed));
  }

 private:
  JsonObject& head(std::string_view name, std::chrono::system_clock::time_point time) {
    return line_.add("event", name).add("time", format_utc(time));
  }

  JsonObject& line_;
  std::chrono::system_clock::time_point now_;
};

}  // namespace

std::string event_json(const Event& event, std::chrono::system_clock::time_point now) {
  JsonObject line;
  std::visit(Members(line, now), event);
  return line.text();
}

void EventStream::watch(const Event& event) {
  if (failed_) return;
  try {
    sink_.write(event_json(event, now_()) + "\n");
  } catch (...) {
    failed_ = true;
    throw;
  }
}

}  // namespace nodeops
