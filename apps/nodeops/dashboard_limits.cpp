// SPDX-License-Identifier: MIT
#include "dashboard_limits.hpp"

#include <algorithm>
#include <limits>

#include "dashboard/answers.hpp"
#include "dashboard/batch.hpp"
#include "dashboard_sources.hpp"
#include "observe/log.hpp"
#include "task/resources.hpp"

namespace nodeops {

std::size_t concurrency_for(const DashboardOptions& options, const CommonOptions& common) {
  std::size_t most = options.concurrency;
  if (common.memory_limit)
    most = static_cast<std::size_t>(std::clamp<std::uint64_t>(
        *common.memory_limit / dashboard::Batch::small_dashboard, 1, most));
  const std::size_t each = descriptors_per_dashboard(options);
  if (each == 0) return most;
  constexpr std::size_t others = 32;
  const std::size_t limit = raise_descriptor_limit(most * each + others);
  const std::size_t room = std::max<std::size_t>(1, (limit - std::min(limit, others)) / each);
  if (room >= most) return most;
  log::warn("fewer dashboards at a time: the limit of open files is low",
            {{"concurrency", room}, {"asked_for", most}, {"open_files", limit}});
  return room;
}

std::size_t bytes_for(const CommonOptions& common) {
  constexpr std::size_t usual = std::size_t{64} << 20U;
  if (!common.memory_limit) return usual;
  return static_cast<std::size_t>(std::min<std::uint64_t>(*common.memory_limit / 2, usual));
}

std::size_t first_wave_for(const DashboardOptions& options, const CommonOptions& common) {
  if (!common.memory_limit || options.sources.empty())
    return std::numeric_limits<std::size_t>::max();
  const std::size_t largest = options.sources.size() * dashboard::longest_answer;
  return std::max<std::size_t>(1, bytes_for(common) / largest);
}

}  // namespace nodeops
