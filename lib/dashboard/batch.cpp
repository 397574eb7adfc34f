// SPDX-License-Identifier: MIT
#include "dashboard/batch.hpp"

#include <algorithm>
#include <utility>

namespace nodeops::dashboard {
namespace {

// Starts are spread over turns, so that those in flight are looked after in between.
constexpr std::size_t most_starts_a_turn = 32;

/// What a dashboard holds that a large id or answer makes large.
std::size_t bytes_of(const Dashboard& dashboard) {
  std::size_t bytes = dashboard.user.size();
  for (const Outcome& outcome : dashboard.outcomes) bytes += outcome.json.size();
  return bytes;
}

}  // namespace

Batch::Batch(Timers& timers, std::vector<PlannedSource>& sources, const FanOut::Options& fan_out,
             const Options& options, Ends ends)
    : timers_(timers),
      options_(options),
      ends_(std::move(ends)),
      fan_out_(timers, sources, fan_out,
               [this](Dashboard settled_one) { settled(std::move(settled_one)); }) {}

Batch::~Batch() {
  timers_.cancel(filling_);
}

void Batch::wake() {
  if (filling_ == 0) fill_after({});
}

void Batch::fill_after(Clock::duration wait) {
  filling_ = timers_.after(wait, [this] {
    filling_ = 0;
    fill();
  });
}

bool Batch::has_room() const {
  // Shown in order, as many again may wait behind one that is slow.
  const std::size_t in_flight = fan_out_.in_flight();
  const std::size_t open = options_.ordered ? started_ - shown_ : in_flight;
  // What is on its way will be about as large as what has come lately.
  const bool fits = bytes_ + in_flight * usual_bytes_ < options_.most_bytes || in_flight == 0;
  const std::size_t most = has_settled_ ? options_.concurrency : options_.first_wave;
  return in_flight < std::min(most, options_.concurrency) && open < 2 * options_.concurrency &&
         fits;
}

void Batch::fill() {
  const auto turn_ends =
      options_.longest_turn ? Deadline::after(*options_.longest_turn) : Deadline::never();
  for (std::size_t i = 0; i < most_starts_a_turn && !turn_ends.passed(); ++i) {
    if (stopped_ || !has_room() || !ends_.may_start()) return;
    if (!next_) next_ = ends_.next();
    if (!next_) return;
    if (const auto wait = fan_out_.wait_to_start(); wait > Clock::duration{})
      return fill_after(wait);
    bytes_ += next_->size();
    fan_out_.start(std::move(*next_), started_++);
    next_.reset();
  }
  wake();
}

void Batch::settled(Dashboard dashboard) {
  bytes_ -= dashboard.user.size();
  has_settled_ = true;
  const std::size_t bytes = bytes_of(dashboard);
  usual_bytes_ = std::max(usual_bytes_ - usual_bytes_ / 16, bytes > small_dashboard ? bytes : 0);
  if (options_.ordered && dashboard.number != shown_) {
    bytes_ += bytes;
    keep(std::move(dashboard));
  } else {
    show(dashboard);
    show_kept();
  }
  wake();
}

void Batch::show(const Dashboard& dashboard) {
  ++shown_;
  ends_.show(dashboard);
  if (!early_.empty()) early_.pop_front();
}

void Batch::keep(Dashboard dashboard) {
  const auto place = static_cast<std::size_t>(dashboard.number - shown_);
  if (place >= early_.size()) early_.resize(place + 1);
  early_[place] = std::move(dashboard);
}

void Batch::show_kept() {
  while (!early_.empty() && early_.front()) {
    bytes_ -= bytes_of(*early_.front());
    show(*early_.front());
  }
}

bool Batch::over() const {
  return shown_ == started_ && (stopped_ || (!next_ && ends_.exhausted()));
}

}  // namespace nodeops::dashboard
