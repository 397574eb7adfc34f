// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "core/io.hpp"
#include "task/reactor.hpp"

namespace nodeops::dashboard {

/// Text on its way to a sink that may be slow, such as a pipe whose reader rests. It is written in
/// pieces that a ready pipe takes at once, so that the thread of the event loop is never held up;
/// what has no room waits here.
class Outbox {
 public:
  /// Whoever fills it should pause above this many bytes.
  static constexpr std::size_t full = std::size_t{1} << 20U;

  /// `drained` is called when it has become less than full. `reactor` may be null: the sink is then
  /// waited for.
  Outbox(ByteSink& sink, Reactor* reactor, std::function<void()> drained);
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  void put(std::string_view text);

  /// Writes what the sink takes now. Throws as the sink does.
  void flush();

  /// Writes the rest, and waits for it.
  void finish();

  std::size_t size() const { return text_.size() - from_; }
  bool is_full() const { return size() >= full; }

 private:
  ByteSink& sink_;
  Reactor* reactor_;
  std::function<void()> drained_;
  std::string text_;
  std::size_t from_ = 0;
  WatchId watch_ = 0;
};

}  // namespace nodeops::dashboard
