// SPDX-License-Identifier: MIT
#include "task/event_loop.hpp"

#include <sys/prctl.h>

#include <algorithm>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <unordered_map>
#include <utility>

namespace nodeops {
namespace {

// Longer than this, and a turn keeps the next task that is due waiting.
constexpr auto longest_part = std::chrono::milliseconds(1);
// Each sleep costs the system 20 to 50 us: tasks that are due this close to one another are called
// together, the first of them so much later.
constexpr auto shortest_sleep = std::chrono::microseconds(100);
// A timer that the system delivers is late by less than this, unless something was held up.
constexpr auto overdue = std::chrono::milliseconds(2);

}  // namespace

/// Asio's side.
struct EventLoop::Waiting {
  /// One descriptor. Asio tells once; it is asked again after each call.
  struct Watch : std::enable_shared_from_this<Watch> {
    Watch(asio::io_context& context, int number, std::function<void(Readiness)> callback)
        : descriptor(context, number), heard(std::move(callback)) {}
    ~Watch() { descriptor.release(); }

    void ask() {
      if (wanted.readable && !asked.readable) {
        asked.readable = true;
        descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                              [self = shared_from_this()](const std::error_code& error) {
                                self->asked.readable = false;
                                self->answer({.readable = true}, self->wanted.readable, error);
                              });
      }
      if (wanted.writable && !asked.writable) {
        asked.writable = true;
        descriptor.async_wait(asio::posix::descriptor_base::wait_write,
                              [self = shared_from_this()](const std::error_code& error) {
                                self->asked.writable = false;
                                self->answer({.writable = true}, self->wanted.writable, error);
                              });
      }
    }

    void answer(Readiness ready, bool still_wanted, const std::error_code& error) {
      if (gone || error == asio::error::operation_aborted) return;
      if (still_wanted) heard(ready);
      if (!gone) ask();
    }

    asio::posix::stream_descriptor descriptor;
    std::function<void(Readiness)> heard;
    Readiness wanted;
    Readiness asked;
    bool gone = false;
  };

  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(context);
  asio::steady_timer timer{context};
  Clock::time_point armed_for = Clock::time_point::max();
  std::unordered_map<WatchId, std::shared_ptr<Watch>> watches;
  WatchId last_watch = 0;

  void arm(Clock::time_point time) {
    if (armed_for <= time) return;  // wakes up early, and is armed again
    armed_for = time;
    timer.expires_at(time);
    timer.async_wait([this](const std::error_code& error) {
      if (!error) armed_for = Clock::time_point::max();
    });
  }
};

EventLoop::EventLoop() : waiting_(std::make_unique<Waiting>()) {
  // Timers of this thread may fire a nanosecond late, not 50 us as is the default.
  ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}

EventLoop::~EventLoop() {
  for (auto& [id, watch] : waiting_->watches) watch->gone = true;
}

TimerId EventLoop::at(Clock::time_point time, std::function<void()> task) {
  return queue_.at(time, std::move(task));
}

TimerId EventLoop::after(Clock::duration delay, std::function<void()> task) {
  return queue_.after(now_, delay, std::move(task));
}

void EventLoop::cancel(TimerId timer) {
  queue_.cancel(timer);
}

WatchId EventLoop::watch(int descriptor, Readiness wanted, std::function<void(Readiness)> heard) {
  const WatchId id = ++waiting_->last_watch;
  auto watch = std::make_shared<Waiting::Watch>(waiting_->context, descriptor, std::move(heard));
  waiting_->watches.emplace(id, watch);
  watch->wanted = wanted;
  watch->ask();
  return id;
}

void EventLoop::watch_for(WatchId watch, Readiness wanted) {
  const auto found = waiting_->watches.find(watch);
  if (found == waiting_->watches.end()) return;
  found->second->wanted = wanted;
  found->second->ask();
}

void EventLoop::unwatch(WatchId watch) {
  const auto found = waiting_->watches.find(watch);
  if (found == waiting_->watches.end()) return;
  found->second->gone = true;
  found->second->descriptor.release();
  waiting_->watches.erase(found);
}

void EventLoop::run(const std::function<bool()>& done, const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { asio::post(waiting_->context, [] {}); });
  while (!done()) turn();
}

void EventLoop::turn() {
  now_ = Clock::now();
  const auto first = queue_.next();
  const bool late = first && *first + overdue < now_;
  if (late) stalls_.record(std::chrono::duration_cast<std::chrono::microseconds>(now_ - *first));
  if (late || (unheard_ && first && *first <= now_)) hear_all();
  if (run_due()) {
    hear();
    return;
  }
  if (const auto next = queue_.next()) waiting_->arm(std::max(*next, now_ + shortest_sleep));
  waiting_->context.run_one();
  now_ = Clock::now();
  hear();
}

bool EventLoop::run_due() {
  const auto end = now_ + longest_part;
  bool called = false;
  while (now_ < end) {
    const auto task = queue_.take_due(now_);
    if (!task) break;
    task();
    called = true;
    now_ = Clock::now();
  }
  return called;
}

void EventLoop::hear() {
  const auto end = now_ + longest_part;
  unheard_ = true;
  while (now_ < end) {
    if (waiting_->context.poll_one() == 0) {
      unheard_ = false;
      return;
    }
    now_ = Clock::now();
  }
}

void EventLoop::hear_all() {
  // Asio calls in turn: who is always ready is heard as often as anybody else, not for ever.
  std::size_t left = 2 * waiting_->watches.size() + 1;
  while (left > 0 && waiting_->context.poll_one() > 0) --left;
  unheard_ = left == 0;
  now_ = Clock::now();
}

}  // namespace nodeops
