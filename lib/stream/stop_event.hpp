// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <stop_token>

namespace nodeops {

/// A stop token that poll() can wait for: a descriptor that becomes readable when the stop is asked
/// for.
class StopEvent {
 public:
  explicit StopEvent(const std::stop_token& stop);
  ~StopEvent();
  StopEvent(const StopEvent&) = delete;
  StopEvent& operator=(const StopEvent&) = delete;

  int descriptor() const { return descriptor_; }
  bool stop_requested() const { return stop_.stop_requested(); }

 private:
  int descriptor_;
  std::stop_token stop_;
  std::optional<std::stop_callback<std::function<void()>>> callback_;
};

}  // namespace nodeops
