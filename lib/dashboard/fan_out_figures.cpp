// SPDX-License-Identifier: MIT
#include "dashboard/fan_out_figures.hpp"

namespace nodeops::dashboard {

void FanOutFigures::count(std::size_t source, const Outcome& outcome) {
  OfSource& seen = of_source[source];
  switch (outcome.status) {
    case SourceStatus::ok:
      ++seen.ok;
      seen.answered.record(std::chrono::duration_cast<std::chrono::microseconds>(outcome.elapsed));
      break;
    case SourceStatus::timeout:
      ++seen.timeout;
      break;
    case SourceStatus::error:
      ++seen.error;
      break;
    case SourceStatus::cancelled:
      ++seen.cancelled;
      break;
    case SourceStatus::open:
      ++seen.open;
      break;
    case SourceStatus::pending:
      break;
  }
}

}  // namespace nodeops::dashboard
