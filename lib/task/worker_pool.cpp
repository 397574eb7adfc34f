// SPDX-License-Identifier: MIT
#include "task/worker_pool.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <utility>

namespace nodeops {

void step_behind() {
  const sched_param none{};
  static_cast<void>(::pthread_setschedparam(::pthread_self(), SCHED_BATCH, &none));
  // In Linux a thread has a nice value of its own.
  constexpr int nicest = 19;
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nicest));
}

WorkerPool::WorkerPool(const Options& options) : tasks_(options.waiting) {
  threads_.reserve(options.workers);
  for (unsigned worker = 0; worker < options.workers; ++worker) {
    threads_.emplace_back([this, worker] { work(worker); });
  }
}

WorkerPool::~WorkerPool() {
  tasks_.close();
}

bool WorkerPool::submit(Task task) {
  return tasks_.send(std::move(task));
}

void WorkerPool::finish() {
  tasks_.close();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void WorkerPool::work(unsigned worker) {
  step_behind();
  while (const auto task = tasks_.receive()) {
    {
      const std::lock_guard lock(mutex_);
      if (failure_) continue;
    }
    try {
      (*task)(worker);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      tasks_.close();
    }
  }
}

}  // namespace nodeops
