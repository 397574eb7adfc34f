// SPDX-License-Identifier: MIT
#include "dashboard/outcome.hpp"

namespace nodeops::dashboard {

std::string_view name_of(SourceStatus status) {
  switch (status) {
    case SourceStatus::pending:
      return "pending";
    case SourceStatus::ok:
      return "ok";
    case SourceStatus::timeout:
      return "timeout";
    case SourceStatus::error:
      return "error";
    case SourceStatus::cancelled:
      return "cancelled";
    case SourceStatus::open:
      return "open";
  }
  return "";
}

std::string_view name_of(DashboardStatus status) {
  switch (status) {
    case DashboardStatus::complete:
      return "complete";
    case DashboardStatus::partial:
      return "partial";
    case DashboardStatus::failed:
      return "failed";
  }
  return "";
}

}  // namespace nodeops::dashboard
