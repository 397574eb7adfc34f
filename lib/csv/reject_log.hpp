// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/io.hpp"
#include "csv/block.hpp"
#include "csv/run_plan.hpp"
#include "observe/events.hpp"

namespace nodeops::csv {

/// The name of a reason in reports and side files: "ragged-record".
std::string_view reason_name(Malformed why);

/// Keeps and tells what was refused: the record's bytes, a line of NDJSON with the reason, an
/// event.
class RejectLog {
 public:
  /// The sinks may be null.
  RejectLog(ByteSink* rejects, ByteSink* reasons, RunEvents& events)
      : rejects_{rejects}, reasons_{reasons}, events_(&events) {}

  /// A refused record of the input `name`, or a further piece of one. What goes to the sinks is
  /// collected until flush().
  void add(const Reject& reject, const RunPlan& plan, const std::string& name);

  /// Bytes collected for each of the sinks.
  std::array<std::size_t, 2> collected() const {
    return {rejects_.text.size(), reasons_.text.size()};
  }

  /// Hands over what was collected.
  void flush();

 private:
  /// Collects for one sink, so that many short records become one write.
  struct Collected {
    ByteSink* sink;
    std::string text = {};

    void add(std::string_view bytes);
    void flush();
  };

  Collected rejects_;
  Collected reasons_;
  RunEvents* events_;
};

/// "sales.csv:17: column 'date': not a date of the form %d.%m.%Y".
std::string describe(const Reject& reject, const RunPlan& plan, const std::string& name);

}  // namespace nodeops::csv
