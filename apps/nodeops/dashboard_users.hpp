// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dashboard.hpp"
#include "dashboard/ids.hpp"
#include "run_context.hpp"

namespace nodeops {

/// Where the ids of a run of dashboards come from: the command line, or lines of standard input.
class DashboardUsers {
 public:
  /// Throws AppError usage when there are none to be had.
  DashboardUsers(const DashboardOptions& options, RunContext& run);

  /// The next id that is there; waits for one only when `may_wait`. Throws what reading throws.
  std::optional<std::string> next(bool may_wait);

  /// There are to be no more.
  void give_up() { next_ = given_.size(); }

  bool over() const { return next_ >= given_.size(); }

  /// What to watch for more of them; -1: nothing.
  int waitable() const { return reads_input_ ? run_.io.in->waitable() : -1; }

  /// Reads them all, to go through them again and again.
  void keep_all();
  void start_again() { next_ = 0; }

 private:
  std::vector<std::string> given_;
  RunContext& run_;
  std::optional<dashboard::IdReader> reader_;
  bool reads_input_ = false;
  std::size_t next_ = 0;
};

}  // namespace nodeops
