// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace nodeops {

/// How many processors this process may keep busy: its affinity mask, and the processor quota of
/// its control group and every group above, whichever is less. A quota is rounded up: 1.5
/// processors are best used by two threads. At least 1.
unsigned usable_processors();

/// How much memory this process may fill, in bytes: the machine's, or the limit of its control
/// group or of a group above, whichever is less.
std::uint64_t available_memory();

/// What Linux calls this start of the machine (random(4), boot_id); empty when it does not say.
std::string boot_id();

/// Raises the number of files this process may have open, as far as it may, to `wanted`. Returns
/// the number it may have open from now on.
std::size_t raise_descriptor_limit(std::size_t wanted);

/// Gives a process that was started by this one the limit that this one was started with: programs
/// that use select(2) break above 1024.
void give_back_descriptor_limit(int process);

/// Has memory of a megabyte and more go back to the system when it is freed. By itself the C
/// library keeps up to 64 MB for the next time, in each thread's arena.
void give_large_memory_back();

/// What this process has used since it started; the times are with those of its worker processes
/// that have ended.
struct ResourceUse {
  std::uint64_t peak_rss_bytes;
  std::chrono::microseconds user_time;
  std::chrono::microseconds system_time;
};
ResourceUse resources_used();

/// The tightest limits of the control groups a process is in; empty where there is none.
struct GroupLimits {
  std::optional<double> processors;  ///< quota by period: 1.5 is one and a half processors
  std::optional<std::uint64_t> memory_bytes;
};

/// Reads the limits of this process's control groups, version 1 (cpu.cfs_quota_us,
/// memory.limit_in_bytes) and 2 (cpu.max, memory.max, memory.high), as found through
/// proc/self/cgroup and proc/self/mountinfo below `root`, which is "/" but in tests. Whatever is
/// missing or unreadable is no limit.
GroupLimits group_limits(const std::filesystem::path& root = "/");

}  // namespace nodeops
