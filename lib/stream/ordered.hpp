// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace nodeops {

/// A pipeline over a ring of reused slots: one thread reads, several work, the caller writes, in
/// the order of reading.
///
///     read ──▶ [slot 0][slot 1] … [slot n] ──▶ prepare (in order, one at a time) ▸ work (all at
///     once)
///       ▲                                            │
///       └──────────── slot is free again ◀── write ◀─┘ (in order)
///
/// The number of slots bounds what is in flight: a slow writer holds the reader back. What a step
/// throws takes the place of its slot: everything before it is still written, then run() throws it.
template <class Slot>
class Ordered {
 public:
  struct Steps {
    std::function<bool(Slot&)>
        read;  ///< fills a slot; false: the input has ended, the slot is not used
    std::function<void(Slot&)> prepare;  ///< sees the slots in order, one at a time
    std::function<void(Slot&)> work;     ///< many slots at once
    std::function<bool(Slot&)>
        write;  ///< sees the slots in order, in the caller's thread; false: stop early
    std::function<void()> released =
        {};  ///< called when the writing ends early: lets a reader go that waits in read()
  };

  /// `slots` stay the caller's; at least two, better two more than workers (at least 1).
  Ordered(std::vector<Slot>& slots, unsigned workers)
      : cells_(slots.size()), slots_(slots), workers_(workers) {}

  /// Runs until the input has ended, write() says stop, or a step throws; all threads have ended
  /// when it returns. To be called once. A reader that is blocked in read() holds the return up, so
  /// `released` must end such a wait.
  void run(Steps steps) {
    steps_ = std::move(steps);
    {
      std::vector<std::jthread> threads;
      threads.reserve(workers_ + std::size_t{1});
      threads.emplace_back([this] { read_all(); });
      for (unsigned i = 0; i < workers_; ++i) threads.emplace_back([this] { work_all(); });
      write_all();
    }
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  struct Cell {
    bool done = false;
    std::exception_ptr failure;
  };

  std::size_t place(std::uint64_t number) const {
    return static_cast<std::size_t>(number % cells_.size());
  }

  void read_all() {
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        slot_freed_.wait(lock, [&] { return stopping_ || read_ - written_ < cells_.size(); });
        if (stopping_) return;
      }
      // Nobody else touches the slot until read_ counts it.
      const auto at = place(read_);
      bool more = false;
      std::exception_ptr failure;
      try {
        more = steps_.read(slots_[at]);
      } catch (...) {
        failure = std::current_exception();
      }
      const std::lock_guard lock(mutex_);
      if (more || failure) {
        cells_[at] = {.done = failure != nullptr, .failure = failure};
        ++read_;
      }
      if (!more) ended_ = true;
      slot_filled_.notify_all();
      slot_done_.notify_one();
      if (ended_) return;
    }
  }

  void work_all() {
    for (;;) {
      std::size_t at = 0;
      std::exception_ptr failure;
      {
        // Held while waiting and preparing: whoever comes next gets the next slot.
        const std::lock_guard turn(preparing_);
        {
          std::unique_lock lock(mutex_);
          slot_filled_.wait(lock, [&] { return stopping_ || taken_ < read_ || ended_; });
          if (stopping_ || taken_ == read_) return;
          at = place(taken_++);
          if (cells_[at].failure) continue;
        }
        failure = attempt(steps_.prepare, at);
      }
      if (!failure) failure = attempt(steps_.work, at);
      const std::lock_guard lock(mutex_);
      cells_[at] = {.done = true, .failure = failure};
      slot_done_.notify_one();
    }
  }

  std::exception_ptr attempt(const std::function<void(Slot&)>& step, std::size_t at) {
    try {
      step(slots_[at]);
      return nullptr;
    } catch (...) {
      return std::current_exception();
    }
  }

  void write_all() {
    bool more = true;
    while (more) {
      std::size_t at = 0;
      {
        std::unique_lock lock(mutex_);
        slot_done_.wait(lock,
                        [&] { return written_ < read_ ? cells_[place(written_)].done : ended_; });
        if (written_ == read_) break;
        at = place(written_);
        failure_ = cells_[at].failure;
      }
      more = !failure_;
      if (more) {
        try {
          more = steps_.write(slots_[at]);
        } catch (...) {
          failure_ = std::current_exception();
          more = false;
        }
      }
      const std::lock_guard lock(mutex_);
      ++written_;
      slot_freed_.notify_one();
    }
    if (!more && steps_.released) steps_.released();
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    slot_freed_.notify_all();
    slot_filled_.notify_all();
  }

  Steps steps_;
  std::vector<Cell> cells_;
  std::vector<Slot>& slots_;
  unsigned workers_;
  std::exception_ptr failure_;

  std::mutex preparing_;  ///< taken before mutex_
  std::mutex mutex_;      ///< guards what follows and cells_
  std::condition_variable slot_freed_;
  std::condition_variable slot_filled_;
  std::condition_variable slot_done_;
  std::uint64_t read_ = 0;     ///< slots filled
  std::uint64_t taken_ = 0;    ///< slots handed to a worker
  std::uint64_t written_ = 0;  ///< slots written
  bool ended_ = false;         ///< the reader has nothing more
  bool stopping_ = false;      ///< the writer has nothing more to do
};

}  // namespace nodeops
