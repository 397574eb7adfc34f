// SPDX-License-Identifier: MIT
#include "observe/report.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/units.hpp"
#include "observe/mask.hpp"

namespace nodeops {
namespace {

using Json = nlohmann::ordered_json;

template <class Time>
double milliseconds(Time time) {
  const double exact = std::chrono::duration<double, std::milli>(time).count();
  return std::round(exact * 10) / 10;
}

Json heartbeat(const HeartbeatFigures& figures) {
  return {{"interval_ms", milliseconds(figures.interval)},
          {"beats", figures.beats},
          {"late_us",
           {{"p50", figures.late_p50.count()}, {"p99", figures.late_p99.count()}, {"max", figures.late_max.count()}}}};
}

Json failure(const ItemFailed& failed) {
  Json object = {{"item", mask_text(failed.item)},
                 {"type", "urn:nodeops:error:" + failed.type},
                 {"detail", mask_text(failed.detail)}};
  if (failed.line) object["line"] = *failed.line;
  if (failed.offset) object["offset"] = *failed.offset;
  return object;
}

}  // namespace

void RunReport::operator()(const Event& event) {
  const auto* const failed = std::get_if<ItemFailed>(&event);
  if (failed == nullptr) return;
  const std::lock_guard lock(mutex_);
  ++failures_total_;
  if (failures_.size() < most_failures) failures_.push_back(*failed);
}

void RunReport::add(const std::string& key, std::string json) {
  const std::lock_guard lock(mutex_);
  extra_.emplace_back(key, std::move(json));
}

void RunReport::add_text(const std::string& key, const std::string& text) {
  add(key, Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
}

std::string RunReport::json(const RunFigures& figures, const RunTotals& totals) const {
  const std::lock_guard lock(mutex_);
  Json report = {{"command", figures.command},
                 {"version", figures.version},
                 {"started_at", format_utc(figures.started_at)},
                 {"elapsed_ms", milliseconds(figures.elapsed)},
                 {"exit_code", figures.exit_code},
                 {"interrupted", figures.interrupted}};
  report["items"] = {{"in", totals.items_in.load()},
                     {"ok", totals.items_ok.load()},
                     {"failed", totals.items_failed.load()},
                     {"skipped", totals.items_skipped.load()}};
  report["bytes"] = {{"in", totals.bytes_in.load()}, {"out", totals.bytes_out.load()}};
  report["resources"] = {{"peak_rss_bytes", figures.peak_rss_bytes},
                         {"user_ms", milliseconds(figures.user_time)},
                         {"system_ms", milliseconds(figures.system_time)}};
  if (figures.heartbeat) report["heartbeat"] = heartbeat(*figures.heartbeat);
  report["failures"] = Json::array();
  for (const ItemFailed& failed : failures_) report["failures"].push_back(failure(failed));
  report["failures_total"] = failures_total_;
  for (const auto& [key, json] : extra_) report[key] = Json::parse(json);
  return report.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace nodeops
