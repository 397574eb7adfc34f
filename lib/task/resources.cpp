// SPDX-License-Identifier: MIT
#include "task/resources.hpp"

#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace nodeops {
namespace {

namespace fs = std::filesystem;

/// A line of mountinfo that mounts a control group hierarchy.
struct Mount {
  std::string group;    ///< the group that is seen at `point`: "/" but in some containers
  std::string point;    ///< an absolute path
  std::string type;     ///< "cgroup" (version 1) or "cgroup2"
  std::string options;  ///< of version 1: the controllers, "rw,cpu,cpuacct"
};

bool lists(std::string_view comma_separated, std::string_view word) {
  std::istringstream words{std::string(comma_separated)};
  for (std::string each; std::getline(words, each, ',');) {
    if (each == word) return true;
  }
  return false;
}

std::vector<Mount> group_mounts(const fs::path& root) {
  std::vector<Mount> mounts;
  std::ifstream file(root / "proc/self/mountinfo");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string skipped;
    std::string word;
    Mount mount;
    words >> skipped >> skipped >> skipped >> mount.group >> mount.point;
    // Optional fields end with a lone hyphen; behind it are type, source and options.
    while (words >> word && word != "-") continue;
    words >> mount.type >> skipped >> mount.options;
    if (mount.type == "cgroup" || mount.type == "cgroup2") mounts.push_back(std::move(mount));
  }
  return mounts;
}

/// The group this process is in, as proc/self/cgroup tells it: "0::/a/b" for version 2,
/// "4:cpu,cpuacct:/a/b" for a controller of version 1 (an empty `controller` means version 2).
std::optional<std::string> own_group(const fs::path& root, std::string_view controller) {
  std::ifstream file(root / "proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find(':');
    if (first == std::string::npos) continue;
    const auto second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const auto controllers = std::string_view(line).substr(first + 1, second - first - 1);
    const bool wanted = controller.empty() ? controllers.empty() : lists(controllers, controller);
    if (wanted) return line.substr(second + 1);
  }
  return std::nullopt;
}

/// The directories of the own group and of those above it, as far as the mount shows them.
std::vector<fs::path> group_directories(const fs::path& root, const Mount& mount,
                                        const std::string& group) {
  fs::path inside = fs::path(group).lexically_relative(mount.group);
  // A group outside of what is mounted: all that is visible is the mount itself.
  if (inside.empty() || *inside.begin() == "..") inside = ".";
  const fs::path top = root / fs::path(mount.point).relative_path();
  std::vector<fs::path> directories{top};
  fs::path below = top;
  for (const auto& part : inside) {
    if (part == ".") continue;
    below /= part;
    directories.push_back(below);
  }
  return directories;
}

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class T>
void tighten(std::optional<T>& limit, std::optional<T> other) {
  if (other && (!limit || *other < *limit)) limit = other;
}

/// Quota and period in microseconds; a quota of "max" or "-1" is none.
std::optional<double> share(std::string_view quota, std::string_view period) {
  const auto granted = number(quota);
  const auto each = number(period);
  if (!granted || !each || *granted == 0 || *each == 0) return std::nullopt;
  return static_cast<double>(*granted) / static_cast<double>(*each);
}

void tighten_by_version_2(GroupLimits& limits, const fs::path& directory) {
  const std::string quota_and_period = first_line(directory / "cpu.max");
  const auto space = quota_and_period.find(' ');
  if (space != std::string::npos) {
    tighten(limits.processors,
            share(quota_and_period.substr(0, space), quota_and_period.substr(space + 1)));
  }
  tighten(limits.memory_bytes, number(first_line(directory / "memory.max")));
  // Above memory.high nobody is killed, but everything is slowed to a crawl.
  tighten(limits.memory_bytes, number(first_line(directory / "memory.high")));
}

void tighten_by_version_1(GroupLimits& limits, const fs::path& directory) {
  tighten(limits.processors, share(first_line(directory / "cpu.cfs_quota_us"),
                                   first_line(directory / "cpu.cfs_period_us")));
  // "No limit" is a number close to 2^63 here.
  tighten(limits.memory_bytes, number(first_line(directory / "memory.limit_in_bytes")));
}

unsigned processors_by_affinity() {
  // A machine may have more processors than the fixed cpu_set_t has bits; the kernel then says
  // EINVAL and wants a longer one.
  for (int room = CPU_SETSIZE; room <= 1 << 20; room *= 2) {
    cpu_set_t* const set = CPU_ALLOC(room);
    if (set == nullptr) break;
    const std::size_t bytes = CPU_ALLOC_SIZE(room);
    const bool told = ::sched_getaffinity(0, bytes, set) == 0;
    const int count = told ? CPU_COUNT_S(bytes, set) : 0;
    CPU_FREE(set);
    if (told) return static_cast<unsigned>(std::max(count, 1));
  }
  return static_cast<unsigned>(std::max(::sysconf(_SC_NPROCESSORS_ONLN), 1L));
}

/// The highest resident set of this program alone. getrusage would count that of the program which
/// was replaced by exec too: a large parent that forks makes every child look large.
std::optional<std::uint64_t> peak_of_this_program() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string name;
    std::uint64_t kibibytes = 0;
    if (words >> name && name == "VmHWM:" && words >> kibibytes) return kibibytes * 1024;
  }
  return std::nullopt;
}

std::chrono::microseconds duration_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

GroupLimits group_limits(const fs::path& root) {
  GroupLimits limits;
  for (const Mount& mount : group_mounts(root)) {
    const bool version_2 = mount.type == "cgroup2";
    for (const std::string_view controller : {"cpu", "memory"}) {
      if (!version_2 && !lists(mount.options, controller)) continue;
      const auto group = own_group(root, version_2 ? std::string_view() : controller);
      if (!group) continue;
      for (const auto& directory : group_directories(root, mount, *group)) {
        if (version_2) {
          tighten_by_version_2(limits, directory);
        } else {
          tighten_by_version_1(limits, directory);
        }
      }
    }
  }
  return limits;
}

unsigned usable_processors() {
  const unsigned allowed = processors_by_affinity();
  const auto quota = group_limits().processors;
  if (!quota || *quota >= static_cast<double>(allowed)) return allowed;
  return std::max(1U, static_cast<unsigned>(std::ceil(*quota)));
}

std::uint64_t available_memory() {
  const auto pages = static_cast<std::uint64_t>(std::max(::sysconf(_SC_PHYS_PAGES), 0L));
  const auto machine = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return std::min(machine, group_limits().memory_bytes.value_or(machine));
}

std::string boot_id() {
  return first_line("/proc/sys/kernel/random/boot_id");
}

namespace {

/// What this process was started with.
rlimit descriptor_limit() {
  static const rlimit at_start = [] {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit;
  }();
  return at_start;
}

}  // namespace

void give_back_descriptor_limit(int process) {
  const rlimit limit = descriptor_limit();
  static_cast<void>(::prlimit(process, RLIMIT_NOFILE, &limit, nullptr));
}

std::size_t raise_descriptor_limit(std::size_t wanted) {
  descriptor_limit();  // seen before it is changed
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= wanted) return limit.rlim_cur;
  limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

void give_large_memory_back() {
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
}

ResourceUse resources_used() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  rusage children{};
  ::getrusage(RUSAGE_CHILDREN, &children);
  const auto whole_life = static_cast<std::uint64_t>(use.ru_maxrss) * 1024;
  return {.peak_rss_bytes = peak_of_this_program().value_or(whole_life),
          .user_time = duration_of(use.ru_utime) + duration_of(children.ru_utime),
          .system_time = duration_of(use.ru_stime) + duration_of(children.ru_stime)};
}

}  // namespace nodeops
