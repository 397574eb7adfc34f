// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

namespace nodeops {

/// A bounded queue between threads. A full channel holds its senders back, an empty one its
/// receivers; that is all the backpressure there is.
template <class T>
class Channel {
 public:
  /// `limit`: how many items may wait, at least one.
  explicit Channel(std::size_t limit) : limit_(limit) {}

  /// Waits for room. False: the channel is closed and the item was not taken.
  bool send(T item) {
    std::unique_lock lock(mutex_);
    taken_.wait(lock, [&] { return closed_ || items_.size() < limit_; });
    if (closed_) return false;
    items_.push_back(std::move(item));
    sent_.notify_one();
    return true;
  }

  /// Waits for an item. Empty: the channel is closed and drained. Throws what close() was given.
  std::optional<T> receive() {
    std::unique_lock lock(mutex_);
    sent_.wait(lock, [&] { return closed_ || !items_.empty(); });
    if (items_.empty()) {
      if (failure_) std::rethrow_exception(failure_);
      return std::nullopt;
    }
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    taken_.notify_one();
    return item;
  }

  /// Ends the stream, with the reason when it ended badly. The first close counts.
  void close(std::exception_ptr failure = nullptr) {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    closed_ = true;
    failure_ = std::move(failure);
    sent_.notify_all();
    taken_.notify_all();
  }

 private:
  const std::size_t limit_;
  std::mutex mutex_;  ///< guards what follows
  std::condition_variable sent_;
  std::condition_variable taken_;
  std::deque<T> items_;
  bool closed_ = false;
  std::exception_ptr failure_;
};

}  // namespace nodeops
