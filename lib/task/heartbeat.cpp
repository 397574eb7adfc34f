// SPDX-License-Identifier: MIT
#include "task/heartbeat.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include "task/pause.hpp"

namespace nodeops {
namespace {

/// After a long stall (a stopped process) the missed beats are too many to count one by one;
/// those that would have waited longest are counted.
constexpr std::uint64_t most_missed_recorded = 10'000;

std::chrono::microseconds in_microseconds(Clock::duration time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time);
}

/// Both are wishes: refused, the beat is merely less punctual.
void ask_for_punctuality() {
  static_cast<void>(::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL));
  sched_param lowest{};
  lowest.sched_priority = ::sched_get_priority_min(SCHED_FIFO);
  static_cast<void>(::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &lowest));
}

}  // namespace

BeatSchedule::Beat BeatSchedule::beat(Clock::time_point now) {
  const auto late = std::max(now - due_, Clock::duration::zero());
  const auto missed = late / interval_;
  due_ += interval_ * (missed + 1);
  return {.late = late, .missed = static_cast<std::uint64_t>(missed)};
}

Heartbeat::Heartbeat(Options options) : options_(std::move(options)) {
  assert(options_.interval > std::chrono::nanoseconds::zero());
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Heartbeat::run(const std::stop_token& stop) {
  try {
    beat_until_stopped(stop);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    failure_ = std::current_exception();
  }
}

void Heartbeat::beat_until_stopped(const std::stop_token& stop) {
  ask_for_punctuality();
  // The first beat is at once: a run that is over before its first interval has had one.
  BeatSchedule schedule(Clock::now() - options_.interval, options_.interval);
  while (pause_until(Deadline(schedule.due()), stop)) {
    const auto beat = schedule.beat(Clock::now());
    record(beat);
    if (beat.late > options_.late_after && options_.on_late) {
      options_.on_late(in_microseconds(beat.late));
    }
  }
}

void Heartbeat::record(BeatSchedule::Beat beat) {
  // A stall is felt by everyone who comes in its course. Counted once, a second without service
  // would hide behind a hundred punctual beats.
  lateness_.record(in_microseconds(beat.late));
  auto late = beat.late;
  for (std::uint64_t n = 0; n < std::min(beat.missed, most_missed_recorded); ++n) {
    late -= options_.interval;
    lateness_.record(in_microseconds(late));
  }
  beats_ += 1 + beat.missed;
  missed_ += beat.missed;
}

Heartbeat::Figures Heartbeat::figures() const {
  return {.interval = options_.interval,
          .beats = beats_,
          .missed = missed_,
          .p50 = lateness_.quantile(0.5),
          .p99 = lateness_.quantile(0.99),
          .max = lateness_.max()};
}

std::exception_ptr Heartbeat::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace nodeops
