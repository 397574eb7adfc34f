// SPDX-License-Identifier: MIT
#include "csv/reject_log.hpp"

#include "core/units.hpp"
#include "csv/json_text.hpp"

namespace nodeops::csv {
namespace {

std::string detail_of(const Reject& reject, const RunPlan& plan) {
  const std::string limit = format_size(plan.longest_record);
  switch (reject.why) {
    case Malformed::ragged:
      return std::to_string(reject.amount) + (reject.amount == 1 ? " field" : " fields") +
             ", expected " + std::to_string(plan.program.columns);
    case Malformed::open_quote:
      return "a quote opens here and never closes";
    case Malformed::endless_quote:
      return "a quote opens here and does not close within " + limit +
             ", the longest record allowed";
    case Malformed::too_long:
      if (reject.amount == 0) return "the record is longer than " + limit;
      return "the record is " + std::to_string(reject.amount) +
             " bytes long, more than --max-record allows";
    case Malformed::transform:
    case Malformed::database:
      return reject.detail;
  }
  return {};
}

std::string column_of(const Reject& reject, const RunPlan& plan) {
  return reject.column == Reject::no_column ? std::string()
                                            : plan.program.column_name(reject.column);
}

std::string with_column(const std::string& column, const std::string& detail) {
  return column.empty() ? detail : "column '" + column + "': " + detail;
}

void append_member(std::string& line, std::string_view key, std::string_view text) {
  line += ",\"";
  line += key;
  line += "\":";
  append_json_string(line, text, Replace::invalid);
}

std::string reason_line(const Reject& reject, const std::string& name, const std::string& column,
                        const std::string& detail) {
  std::string line =
      "{\"line\":" + std::to_string(reject.line) + ",\"offset\":" + std::to_string(reject.offset);
  append_member(line, "input", name);
  if (column.empty()) {
    line += ",\"column\":null";
  } else {
    append_member(line, "column", column);
  }
  append_member(line, "reason", reason_name(reject.why));
  append_member(line, "detail", detail);
  return line + "}\n";
}

}  // namespace

std::string_view reason_name(Malformed why) {
  switch (why) {
    case Malformed::ragged:
      return "ragged-record";
    case Malformed::open_quote:
    case Malformed::endless_quote:
      return "open-quote";
    case Malformed::too_long:
      return "record-too-long";
    case Malformed::transform:
      return "transform-failed";
    case Malformed::database:
      return "database-refused";
  }
  return "malformed";
}

std::string describe(const Reject& reject, const RunPlan& plan, const std::string& name) {
  return name + ":" + std::to_string(reject.line) + ": " +
         with_column(column_of(reject, plan), detail_of(reject, plan));
}

void RejectLog::Collected::add(std::string_view bytes) {
  if (sink == nullptr) return;
  constexpr std::size_t most = 64 << 10;
  if (text.size() + bytes.size() > most) flush();
  if (bytes.size() > most) {
    sink->write(bytes);
  } else {
    text += bytes;
  }
}

void RejectLog::Collected::flush() {
  if (!text.empty()) sink->write(text);
  text.clear();
}

void RejectLog::flush() {
  rejects_.flush();
  reasons_.flush();
}

void RejectLog::add(const Reject& reject, const RunPlan& plan, const std::string& name) {
  rejects_.add(reject.bytes);
  if (!reject.starts) return;
  const std::string column = column_of(reject, plan);
  const std::string detail = detail_of(reject, plan);
  if (reasons_.sink != nullptr) reasons_.add(reason_line(reject, name, column, detail));
  events_->emit(ItemFailed{.item = name + ":" + std::to_string(reject.line),
                           .type = std::string(reason_name(reject.why)),
                           .detail = with_column(column, detail),
                           .line = reject.line,
                           .offset = reject.offset,
                           .column = column.empty() ? std::nullopt : std::optional(column)});
}

}  // namespace nodeops::csv
