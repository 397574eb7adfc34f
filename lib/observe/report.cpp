// SPDX-License-Identifier: MIT
#include "observe/report.hpp"

#include <cmath>
#include <stdexcept>

#include "core/units.hpp"
#include "observe/mask.hpp"

namespace nodeops {
namespace {

/// With one decimal: 1234.5.
double milliseconds(std::chrono::nanoseconds time) {
  return std::round(std::chrono::duration<double, std::milli>(time).count() * 10) / 10;
}

/// A hundred failures are kept until the end, so none may be as large as the record it is about.
std::string shortened(const std::string& text) {
  constexpr std::size_t longest = 2000;
  if (text.size() <= longest) return text;
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) --end;
  return text.substr(0, end) + "...";
}

std::string failure_json(const ItemFailed& failed) {
  JsonObject failure;
  failure.add("item", shortened(mask_text(failed.item)))
      .add("type", "urn:nodeops:error:" + failed.type)
      .add("detail", shortened(mask_text(failed.detail)));
  if (failed.line) failure.add("line", *failed.line);
  if (failed.offset) failure.add("offset", *failed.offset);
  if (failed.column) failure.add("column", mask_text(*failed.column));
  return failure.text();
}

JsonObject head(const RunFigures& figures) {
  const TotalsSnapshot& totals = figures.totals;
  JsonObject object;
  object.add("command", figures.command)
      .add("version", figures.version)
      .add("started_at", format_utc(figures.started_at))
      .add("elapsed_ms", milliseconds(figures.elapsed))
      .add_json("exit_code", figures.exit_code ? std::to_string(*figures.exit_code) : "null")
      .add("interrupted", figures.interrupted)
      .add("items", JsonObject()
                        .add("in", totals.items_in)
                        .add("ok", totals.items_ok)
                        .add("failed", totals.items_failed)
                        .add("skipped", totals.items_skipped))
      .add("bytes", JsonObject().add("in", totals.bytes_in).add("out", totals.bytes_out))
      .add("resources", JsonObject()
                            .add("peak_rss_bytes", figures.peak_rss_bytes)
                            .add("user_ms", milliseconds(figures.user_time))
                            .add("system_ms", milliseconds(figures.system_time)));
  if (const auto& beat = figures.heartbeat) {
    object.add("heartbeat", JsonObject()
                                .add("interval_ms", milliseconds(beat->interval))
                                .add("beats", beat->beats)
                                .add("late_us", JsonObject()
                                                    .add("p50", beat->late_p50.count())
                                                    .add("p99", beat->late_p99.count())
                                                    .add("max", beat->late_max.count())));
  }
  return object;
}

}  // namespace

void RunReport::watch(const Event& event) {
  const auto* failed = std::get_if<ItemFailed>(&event);
  if (failed == nullptr) return;
  const std::lock_guard lock(mutex_);
  ++failures_total_;
  if (failures_.size() < most_failures) failures_.push_back(failure_json(*failed));
}

void RunReport::add(std::string_view key, std::string_view json_text) {
  if (!is_json(json_text)) throw std::invalid_argument("report: not JSON: " + std::string(key));
  const std::lock_guard lock(mutex_);
  own_.emplace_back(key, json_text);
}

std::string RunReport::text(const RunFigures& figures) const {
  JsonObject object = head(figures);
  const std::lock_guard lock(mutex_);
  std::string failures;
  for (const auto& failure : failures_) failures += (failures.empty() ? "" : ",") + failure;
  object.add_json("failures", "[" + failures + "]").add("failures_total", failures_total_);
  for (const auto& [key, json_text] : own_) object.add_json(key, json_text);
  return object.text() + "\n";
}

}  // namespace nodeops
