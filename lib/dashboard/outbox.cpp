// SPDX-License-Identifier: MIT
#include "dashboard/outbox.hpp"

#include <algorithm>
#include <utility>

namespace nodeops::dashboard {
namespace {

// A pipe that is ready takes this much without waiting (PIPE_BUF on Linux).
constexpr std::size_t piece = 4096;
// Smaller writes are collected.
constexpr std::size_t worth_a_write = std::size_t{64} << 10U;

}  // namespace

Outbox::Outbox(ByteSink& sink, Reactor* reactor, std::function<void()> drained)
    : sink_(sink), reactor_(reactor), drained_(std::move(drained)) {}

Outbox::~Outbox() {
  if (reactor_ != nullptr) reactor_->unwatch(watch_);
}

void Outbox::put(std::string_view text) {
  text_ += text;
  if (size() >= worth_a_write) flush();
}

void Outbox::flush() {
  const bool was_full = is_full();
  if (reactor_ == nullptr || sink_.waitable() < 0) {
    finish();
  } else {
    while (size() > 0 && sink_.ready()) {
      const std::size_t count = std::min(piece, size());
      sink_.write(std::string_view(text_).substr(from_, count));
      from_ += count;
    }
  }
  if (from_ == text_.size() || from_ > worth_a_write) {
    text_.erase(0, from_);
    from_ = 0;
  }
  if (size() == 0 && watch_ != 0) {
    reactor_->unwatch(std::exchange(watch_, 0));
  } else if (size() > 0 && watch_ == 0) {
    watch_ = reactor_->watch(sink_.waitable(), {.writable = true}, [this](Readiness) { flush(); });
  }
  if (was_full && !is_full()) drained_();
}

void Outbox::finish() {
  sink_.write(std::string_view(text_).substr(from_));
  text_.clear();
  from_ = 0;
}

}  // namespace nodeops::dashboard
