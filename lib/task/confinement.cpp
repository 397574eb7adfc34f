// SPDX-License-Identifier: MIT
#include "task/confinement.hpp"

#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>

#include "core/error.hpp"

namespace nodeops {
namespace {

constexpr std::array allowed = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(pread64),
    SCMP_SYS(pwrite64),
    SCMP_SYS(readv),
    SCMP_SYS(writev),
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg),
    SCMP_SYS(close),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(nanosleep),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(sigaltstack),
};

/// What a library may try, and has to do without.
constexpr std::array refused = {SCMP_SYS(open),    SCMP_SYS(openat),     SCMP_SYS(access),
                                SCMP_SYS(stat),    SCMP_SYS(newfstatat), SCMP_SYS(readlink),
                                SCMP_SYS(sysinfo), SCMP_SYS(uname),      SCMP_SYS(prlimit64),
                                SCMP_SYS(getcwd),  SCMP_SYS(ioctl)};

struct Release {
  void operator()(void* filter) const { ::seccomp_release(filter); }
};

void require(bool done) {
  if (!done) {
    throw AppError(ErrorKind::unavailable, "cannot confine the worker process with seccomp",
                   "this system may not allow it; use --isolate threads");
  }
}

}  // namespace

void confine_to_computing() {
  const scmp_filter_ctx rules = ::seccomp_init(SCMP_ACT_KILL_PROCESS);
  require(rules != nullptr);
  const std::unique_ptr<void, Release> owner(rules);
  bool done = true;
  const auto add = [&](std::uint32_t action, int call) {
    done = ::seccomp_rule_add(rules, action, call, 0) == 0 && done;
  };
  for (const int call : allowed) add(SCMP_ACT_ALLOW, call);
  for (const int call : refused) add(SCMP_ACT_ERRNO(EACCES), call);
  // Memory, but none that could be executed.
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)}) {
    done = ::seccomp_rule_add(rules, SCMP_ACT_ALLOW, call, 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
           done;
  }
  // abort() sends its signal to this thread.
  done = ::seccomp_rule_add(rules, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid()))) == 0 &&
         done;
  require(done && ::seccomp_load(rules) == 0);
}

}  // namespace nodeops
