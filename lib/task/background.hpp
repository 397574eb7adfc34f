// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace nodeops {

/// One slow thing at a time, such as flushing files to disk, in a thread of its own, beside the
/// work. Nothing is queued: who comes while it is busy comes again later.
class Background {
 public:
  Background() : thread_([this](const std::stop_token& over) { serve(over); }) {}
  /// Waits for what is being done.
  ~Background() = default;
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  /// Has the thread do it, unless it is still at the last one: then false. Throws what that one
  /// threw.
  bool offer(std::function<void()> task);

  /// Waits until nothing is being done. Throws what the last one threw.
  void wait();

 private:
  void serve(const std::stop_token& over);
  void rethrow();

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable_any changed_;
  std::function<void()> task_;
  bool busy_ = false;
  std::exception_ptr failure_;

  std::jthread thread_;
};

}  // namespace nodeops
