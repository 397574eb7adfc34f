// SPDX-License-Identifier: MIT
#include "csv/reject_log.hpp"

#include "csv/json_text.hpp"

namespace nodeops::csv {
namespace {

std::string detail_with_column(const Reject& reject) {
  return reject.column.empty() ? reject.detail : "column '" + reject.column + "': " + reject.detail;
}

void append_member(std::string& line, std::string_view key, std::string_view text) {
  line += ",\"";
  line += key;
  line += "\":";
  append_json_string(line, text, Replace::invalid);
}

std::string reason_line(const Reject& reject, const std::string& name) {
  std::string line =
      "{\"line\":" + std::to_string(reject.line) + ",\"offset\":" + std::to_string(reject.offset);
  append_member(line, "input", name);
  if (reject.column.empty()) {
    line += ",\"column\":null";
  } else {
    append_member(line, "column", reject.column);
  }
  append_member(line, "reason", reason_name(reject.why));
  append_member(line, "detail", reject.detail);
  return line + "}\n";
}

}  // namespace

std::string_view reason_name(Malformed why) {
  switch (why) {
    case Malformed::ragged:
      return "ragged-record";
    case Malformed::open_quote:
      return "open-quote";
    case Malformed::too_long:
      return "record-too-long";
    case Malformed::transform:
      return "transform-failed";
  }
  return "malformed";
}

std::string describe(const Reject& reject, const std::string& name) {
  return name + ":" + std::to_string(reject.line) + ": " + detail_with_column(reject);
}

void RejectLog::add(const Reject& reject, const std::string& name) {
  if (rejects_ != nullptr) rejects_->write(reject.bytes);
  if (!reject.starts) return;
  if (reasons_ != nullptr) reasons_->write(reason_line(reject, name));
  events_.emit(
      ItemFailed{.item = name + ":" + std::to_string(reject.line),
                 .type = std::string(reason_name(reject.why)),
                 .detail = detail_with_column(reject),
                 .line = reject.line,
                 .offset = reject.offset,
                 .column = reject.column.empty() ? std::nullopt : std::optional(reject.column)});
}

}  // namespace nodeops::csv
