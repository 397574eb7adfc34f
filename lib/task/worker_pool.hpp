// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "task/channel.hpp"

namespace nodeops {

/// Threads for heavy work. They run as the kernel's batch class and nicer than the rest of the
/// process, so that whoever must be punctual (the heartbeat, the health endpoint) is served first
/// when all processors are busy.
class WorkerPool {
 public:
  struct Options {
    unsigned workers = 1;     ///< at least one
    std::size_t waiting = 1;  ///< tasks that may wait for a worker, at least one
  };

  /// Gets the number of its worker, from 0.
  using Task = std::function<void(unsigned worker)>;

  explicit WorkerPool(const Options& options);

  /// Waits for what was submitted; what a task threw is then lost: call finish().
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Hands a task over and waits while too many wait already. False: finish() was called, or a task
  /// has thrown: nothing more is taken.
  bool submit(Task task);

  /// Waits until everything submitted is done. Throws what the first task that failed threw; what
  /// waited behind it has not been run.
  void finish();

 private:
  void work(unsigned worker);

  Channel<Task> tasks_;
  std::mutex mutex_;
  std::exception_ptr failure_;  ///< guarded by mutex_
  std::vector<std::jthread> threads_;
};

/// Puts the calling thread behind the others of the machine: SCHED_BATCH and nice 19. Wishes, which
/// are never refused in practice and do not matter when they are.
void step_behind();

}  // namespace nodeops
