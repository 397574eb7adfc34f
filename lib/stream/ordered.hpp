// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace nodeops {

/// A pipeline over a ring of reused slots. Its threads all do the same: each takes its turn to read
/// the next slot, works on it beside the others, and writes it when it comes next.
///
///     read (in turn) ▸ prepare (in turn) ▸ work (all at once) ▸ write (in turn)
///
/// A slot stays with one thread, and so in one core's cache, from reading to writing; one thread
/// alone goes through all steps without waiting for anybody. A slot that is done too early is left
/// in the ring, for whoever writes the one before it.
///
/// The number of slots bounds what is in flight: a slow writer holds the readers back. What a step
/// throws takes the place of its slot: everything before it is still written, then run() throws it.
template <class Slot>
class Ordered {
 public:
  struct Steps {
    std::function<bool(Slot&)>
        read;  ///< fills a slot; false: the input has ended, the slot is not used
    std::function<void(Slot&)> prepare;      ///< sees the slots in order, beside the next read()
    std::function<void(Slot&)> work;         ///< many slots at once
    std::function<bool(Slot&)> write;        ///< sees the slots in order; false: stop early
    std::function<void()> released = [] {};  ///< called when the writing ends early: lets a thread
                                             ///< go that waits in read()
  };

  /// `slots` stay the caller's: at least one, better one more than workers (at least 1).
  Ordered(std::vector<Slot>& slots, unsigned workers)
      : slots_(slots), workers_(workers), cells_(slots.size()) {}

  /// Runs until the input has ended, write() says stop, or a step throws; all threads have ended
  /// when it returns. The caller is one of them. To be called once. A thread that is blocked in
  /// read() holds the return up, so `released` must end such a wait.
  void run(Steps steps) {
    steps_ = std::move(steps);
    {
      std::vector<std::jthread> others;
      others.reserve(workers_ - 1);
      while (others.size() + 1 < workers_) others.emplace_back([this] { run_slots(); });
      run_slots();
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

  template <class Step>
  static std::exception_ptr attempt(Step step) {
    try {
      step();
      return nullptr;
    } catch (...) {
      return std::current_exception();
    }
  }

  void run_slots() {
    while (const auto at = take_next()) {
      Cell& cell = cells_[*at];
      if (!cell.failure) cell.failure = attempt([&] { steps_.work(slots_[*at]); });
      write_from(cell);
    }
  }

  /// Waits for this thread's turn and for a free slot, fills and prepares it; empty when all has
  /// been read.
  std::optional<std::size_t> take_next() {
    std::unique_lock reading(reading_);
    {
      std::unique_lock lock(mutex_);
      slot_freed_.wait(lock, [&] { return stopping_ || read_ - written_ < cells_.size(); });
      if (stopping_ || ended_) return {};
    }
    // Nobody else touches the slot and its cell until read_ counts them.
    const auto at = place(read_);
    Cell& cell = cells_[at];
    bool more = false;
    cell = {.done = false, .failure = attempt([&] { more = steps_.read(slots_[at]); })};
    ended_ = !more;
    if (!more && !cell.failure) return {};
    {
      const std::lock_guard lock(mutex_);
      ++read_;
    }
    // From turn to turn: no slot gets in between, and the next is read meanwhile.
    const std::lock_guard preparing(preparing_);
    reading.unlock();
    if (!cell.failure) cell.failure = attempt([&] { steps_.prepare(slots_[at]); });
    return at;
  }

  /// Hands a slot over to be written, and writes all that come next, unless another thread does.
  void write_from(Cell& cell) {
    std::unique_lock lock(mutex_);
    cell.done = true;
    if (writing_) return;
    writing_ = true;
    while (!stopping_ && written_ < read_ && cells_[place(written_)].done) {
      const auto at = place(written_);
      lock.unlock();
      bool more = false;
      failure_ = cells_[at].failure;
      if (!failure_) failure_ = attempt([&] { more = steps_.write(slots_[at]); });
      if (!more) steps_.released();
      lock.lock();
      ++written_;
      stopping_ = !more;
      slot_freed_.notify_one();
    }
    writing_ = false;
  }

  Steps steps_;
  std::vector<Slot>& slots_;
  unsigned workers_;
  std::exception_ptr failure_;

  // Whose turn it is. Taken in this order, before mutex_.
  std::mutex reading_;
  std::mutex preparing_;
  bool ended_ = false;  ///< nothing more to read; guarded by reading_

  std::mutex mutex_;  ///< guards what follows
  std::condition_variable slot_freed_;
  std::vector<Cell> cells_;
  std::uint64_t read_ = 0;     ///< slots filled
  std::uint64_t written_ = 0;  ///< slots written
  bool writing_ = false;       ///< a thread is in write()
  bool stopping_ = false;      ///< the writing has ended early
};

}  // namespace nodeops
