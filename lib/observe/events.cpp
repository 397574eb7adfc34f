// SPDX-License-Identifier: MIT
#include "observe/events.hpp"

#include <nlohmann/json.hpp>

#include "core/units.hpp"
#include "observe/mask.hpp"
#include "observe/totals.hpp"

namespace nodeops {
namespace {

using Json = nlohmann::ordered_json;

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

void describe(Json& line, const ItemFailed& failed) {
  line["item"] = mask_text(failed.item);
  line["type"] = "urn:nodeops:error:" + failed.type;
  line["detail"] = mask_text(failed.detail);
  if (failed.line) line["line"] = *failed.line;
  if (failed.offset) line["offset"] = *failed.offset;
  if (!failed.column.empty()) line["column"] = failed.column;
}

void describe(Json& line, const RunTotals& totals) {
  line["items_in"] = totals.items_in.load();
  line["items_ok"] = totals.items_ok.load();
  line["items_failed"] = totals.items_failed.load();
  line["items_skipped"] = totals.items_skipped.load();
  line["bytes_in"] = totals.bytes_in.load();
  line["bytes_out"] = totals.bytes_out.load();
}

/// Fills in the line and gives the event's name.
const char* describe(Json& line, const Event& event, const RunTotals& totals) {
  return std::visit(
      Overloaded{
          [&](const Started& started) {
            line["command"] = started.command;
            line["version"] = started.version;
            return "started";
          },
          [&](const InputOpened& opened) {
            line["path"] = opened.path;
            if (opened.bytes) line["bytes"] = *opened.bytes;
            return "input_opened";
          },
          [&](const Progress&) {
            describe(line, totals);
            return "progress";
          },
          [&](const ItemFailed& failed) {
            describe(line, failed);
            return "item_failed";
          },
          [&](const Retry& retry) {
            line["what"] = retry.what;
            line["attempt"] = retry.attempt;
            line["wait_ms"] = retry.wait.count();
            line["detail"] = mask_text(retry.detail);
            return "retry";
          },
          [&](const Warning& warning) {
            line["message"] = mask_text(warning.message);
            return "warning";
          },
          [&](const OutputWritten& written) {
            line["path"] = written.path;
            line["bytes"] = written.bytes;
            return "output_written";
          },
          [&](const Finished& finished) {
            line["exit_code"] = finished.exit_code;
            line["interrupted"] = finished.interrupted;
            line["elapsed_ms"] = finished.elapsed.count();
            describe(line, totals);
            return "finished";
          },
      },
      event);
}

}  // namespace

void RunEvents::subscribe(Listener listener) {
  const std::lock_guard lock(mutex_);
  listeners_.push_back(std::move(listener));
}

void RunEvents::emit(const Event& event) {
  const std::lock_guard lock(mutex_);
  for (const Listener& listener : listeners_) listener(event);
}

void EventStream::operator()(const Event& event) {
  if (std::holds_alternative<Progress>(event)) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_progress_) return;
    next_progress_ = now + std::chrono::milliseconds(100);
  }
  Json line;
  line["event"] = "";
  line["time"] = format_utc(std::chrono::system_clock::now());
  line["event"] = describe(line, event, totals_);
  to_.write(line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace nodeops
