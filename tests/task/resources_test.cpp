// SPDX-License-Identifier: MIT
#include "task/resources.hpp"

#include <doctest/doctest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

using namespace nodeops;
namespace fs = std::filesystem;

namespace {

/// A directory that stands for "/", filled with the files a kernel would show.
class PretendedRoot {
 public:
  PretendedRoot() {
    std::string pattern = (fs::temp_directory_path() / "nodeops-root-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~PretendedRoot() { fs::remove_all(path_); }
  PretendedRoot(const PretendedRoot&) = delete;
  PretendedRoot& operator=(const PretendedRoot&) = delete;

  void write(std::string_view name, std::string_view text) const {
    const fs::path file = path_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

constexpr std::string_view unified_mount =
    "31 23 0:28 / /proc rw - proc proc rw\n"
    "41 31 0:38 / /sys/fs/cgroup rw,nosuid shared:4 master:1 - cgroup2 cgroup2 rw,nsdelegate\n";

}  // namespace

TEST_CASE("a process in no control group has no limits") {
  const PretendedRoot root;
  CHECK_FALSE(group_limits(root.path()).processors);
  CHECK_FALSE(group_limits(root.path()).memory_bytes);
}

TEST_CASE("version 2: the tightest limit of the own group and of those above it counts") {
  const PretendedRoot root;
  root.write("proc/self/mountinfo", unified_mount);
  root.write("proc/self/cgroup", "0::/jobs.slice/run.scope\n");
  root.write("sys/fs/cgroup/jobs.slice/cpu.max", "150000 100000\n");
  root.write("sys/fs/cgroup/jobs.slice/memory.max", "max\n");
  root.write("sys/fs/cgroup/jobs.slice/run.scope/cpu.max", "max 100000\n");
  root.write("sys/fs/cgroup/jobs.slice/run.scope/memory.max", "536870912\n");
  // A neighbour's limit is none of ours.
  root.write("sys/fs/cgroup/other.slice/cpu.max", "1000 100000\n");
  CHECK(group_limits(root.path()).processors == 1.5);
  CHECK(group_limits(root.path()).memory_bytes == 536870912U);

  root.write("sys/fs/cgroup/jobs.slice/run.scope/cpu.max", "50000 100000\n");
  root.write("sys/fs/cgroup/jobs.slice/memory.high", "1048576\n");
  CHECK(group_limits(root.path()).processors == 0.5);
  CHECK(group_limits(root.path()).memory_bytes == 1048576U);
}

TEST_CASE("version 1: each controller has its own mount and its own group") {
  const PretendedRoot root;
  root.write("proc/self/mountinfo",
             "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
             "33 31 0:30 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
             "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
  root.write("proc/self/cgroup", "4:memory:/a\n3:cpuset:/c\n1:cpu,cpuacct:/b\n");
  root.write("sys/fs/cgroup/cpu,cpuacct/b/cpu.cfs_quota_us", "300000\n");
  root.write("sys/fs/cgroup/cpu,cpuacct/b/cpu.cfs_period_us", "100000\n");
  root.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  root.write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "67108864\n");
  CHECK(group_limits(root.path()).processors == 3.0);
  CHECK(group_limits(root.path()).memory_bytes == 67108864U);

  root.write("sys/fs/cgroup/cpu,cpuacct/b/cpu.cfs_quota_us", "-1\n");
  CHECK_FALSE(group_limits(root.path()).processors);
}

TEST_CASE("in a container the mount itself is the group") {
  const PretendedRoot root;
  root.write("proc/self/mountinfo",
             "35 31 0:32 /docker/77 /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
  root.write("proc/self/cgroup", "4:memory:/docker/77\n");
  root.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000000\n");
  CHECK(group_limits(root.path()).memory_bytes == 1000000U);

  root.write("proc/self/cgroup", "4:memory:/elsewhere\n");
  CHECK(group_limits(root.path()).memory_bytes == 1000000U);
}

TEST_CASE("files that make no sense are no limit") {
  const PretendedRoot root;
  root.write("proc/self/mountinfo", std::string(unified_mount) + "nonsense\n- -\n\n");
  root.write("proc/self/cgroup", "nonsense\n0:\n0::/\n");
  for (const std::string_view text : {"", "\n", "x y\n", "-5 100000\n", "100000\n", "0 0\n"}) {
    CAPTURE(text);
    root.write("sys/fs/cgroup/cpu.max", text);
    root.write("sys/fs/cgroup/memory.max", "12 apples\n");
    CHECK_FALSE(group_limits(root.path()).processors);
    CHECK_FALSE(group_limits(root.path()).memory_bytes);
  }
}

TEST_CASE("a process bound to one processor may use one") {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    ::sched_getaffinity(0, sizeof(allowed), &allowed);
    int first = 0;
    while (!CPU_ISSET(first, &allowed)) ++first;
    CPU_ZERO(&allowed);
    CPU_SET(first, &allowed);
    ::sched_setaffinity(0, sizeof(allowed), &allowed);
    ::_exit(static_cast<int>(usable_processors()));
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 1);
}

TEST_CASE("this machine has a processor and memory, and this process has used some") {
  CHECK(usable_processors() >= 1);
  CHECK(available_memory() >= 1U << 20);
  const ResourceUse use = resources_used();
  CHECK(use.peak_rss_bytes >= 1U << 20);
  CHECK(use.user_time + use.system_time > std::chrono::microseconds::zero());
}

TEST_CASE("the peak is at least what was filled") {
  const std::vector<char> filled(32U << 20, 'x');
  CHECK(filled.back() == 'x');
  CHECK(resources_used().peak_rss_bytes >= filled.size());
}
