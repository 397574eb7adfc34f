// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "core/io.hpp"
#include "observe/events.hpp"

namespace nodeops {

/// One event as one line of JSON, without the line's end: `{"event":"item_failed","time":"…",…}`.
/// Values pass the mask. Started carries its own time, all others the one given.
std::string event_json(const Event& event, std::chrono::system_clock::time_point now);

/// A listener that writes every event to `--events` as it happens, one line a write.
class EventStream {
 public:
  using Now = std::function<std::chrono::system_clock::time_point()>;

  /// The sink must live as long as the stream.
  explicit EventStream(
      ByteSink& sink, Now now = [] { return std::chrono::system_clock::now(); })
      : sink_(sink), now_(std::move(now)) {}

  /// Throws what the sink throws, once: after that nothing more is written, so that the run can
  /// still end in order.
  void watch(const Event& event);

 private:
  ByteSink& sink_;
  Now now_;
  bool failed_ = false;
};

}  // namespace nodeops
