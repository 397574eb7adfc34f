// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <stop_token>

#include "core/descriptor.hpp"

namespace nodeops {

/// A stop token that poll() can wait for: a descriptor that becomes readable when the stop is asked
/// for.
class StopEvent {
 public:
  explicit StopEvent(const std::stop_token& stop);
  StopEvent(const StopEvent&) = delete;
  StopEvent& operator=(const StopEvent&) = delete;

  int descriptor() const { return event_.number(); }
  bool stop_requested() const { return stop_.stop_requested(); }

 private:
  Descriptor event_;
  std::stop_token stop_;
  /// Goes first, and waits for a call that is under way: it must not find the descriptor closed.
  std::optional<std::stop_callback<std::function<void()>>> callback_;
};

}  // namespace nodeops
