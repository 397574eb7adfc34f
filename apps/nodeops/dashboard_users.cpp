// SPDX-License-Identifier: MIT
#include "dashboard_users.hpp"

#include <algorithm>
#include <utility>

#include "command_line.hpp"
#include "core/error.hpp"

namespace nodeops {

DashboardUsers::DashboardUsers(const DashboardOptions& options, RunContext& run)
    : given_(options.users), run_(run) {
  if (given_.empty() && run.io.in_is_terminal)
    throw AppError(ErrorKind::usage, "no USER_ID", usage_line("dashboard"));
  if (given_.empty()) given_.emplace_back(standard_stream);
  if (std::find(given_.begin(), given_.end(), "") != given_.end())
    throw AppError(ErrorKind::usage, "a USER_ID is empty");
  reads_input_ = std::find(given_.begin(), given_.end(), standard_stream) != given_.end();
  if (reads_input_) reader_.emplace(*run.io.in);
}

std::optional<std::string> DashboardUsers::next(bool may_wait) {
  while (next_ < given_.size()) {
    if (given_[next_] != standard_stream) return given_[next_++];
    auto id = reader_->next(may_wait);
    run_.totals.bytes_in = reader_->bytes_read();
    if (id || !reader_->over()) return id;
    ++next_;
  }
  return std::nullopt;
}

void DashboardUsers::keep_all() {
  constexpr std::uint64_t usual = std::uint64_t{64} << 20U;
  const std::uint64_t most = std::min(run_.common.memory_limit.value_or(usual), usual);
  std::vector<std::string> all;
  std::uint64_t bytes = 0;
  while (auto id = next(true)) {
    if (run_.io.stop.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
    bytes += sizeof(std::string) + id->size();
    if (bytes > most)
      throw AppError(ErrorKind::usage, "--watch: more user ids than there is memory for",
                     "without --watch their number does not matter");
    all.push_back(std::move(*id));
  }
  given_ = std::move(all);
  reads_input_ = false;
  next_ = 0;
}

}  // namespace nodeops
