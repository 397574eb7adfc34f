// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include "dashboard/source.hpp"
#include "task/timers.hpp"

namespace nodeops::dashboard {

/// An answer that was known when the question was asked. It is told at once, but not from inside
/// ask().
class EarlyAnswer : public Request {
 public:
  EarlyAnswer(Timers& timers, Answer answer, Source::Done done)
      : timers_(timers), answer_(std::move(answer)), done_(std::move(done)) {
    timer_ = timers.at(timers.now(), [this] {
      timer_ = 0;
      const Source::Done tell = std::move(done_);  // this object may go while it is called
      tell(std::move(answer_));
    });
  }
  ~EarlyAnswer() override { timers_.cancel(timer_); }
  EarlyAnswer(const EarlyAnswer&) = delete;
  EarlyAnswer& operator=(const EarlyAnswer&) = delete;

 private:
  Timers& timers_;
  Answer answer_;
  Source::Done done_;
  TimerId timer_ = 0;
};

}  // namespace nodeops::dashboard
