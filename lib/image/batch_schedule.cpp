// SPDX-License-Identifier: MIT
#include "image/batch_schedule.hpp"

#include <algorithm>
#include <utility>

namespace nodeops::image {
namespace {

/// Enough to look past, little enough to search.
constexpr std::size_t most_parked = 256;

}  // namespace

BatchSchedule::BatchSchedule(std::vector<std::uint64_t> sizes, Options options)
    : sizes_(std::move(sizes)), options_(options) {}

bool BatchSchedule::fits(std::uint64_t claim) const {
  return in_flight_ == 0 ||
         (claimed_ <= options_.memory_limit && claim <= options_.memory_limit - claimed_);
}

/// The longest parked that fits; none but the first when that has been overtaken too often.
std::optional<BatchSchedule::Turn> BatchSchedule::take_parked() {
  for (auto at = parked_.begin(); at != parked_.end(); ++at) {
    if (!fits(at->turn.claim)) {
      if (at->overtaken >= options_.patience) return std::nullopt;
      continue;
    }
    const Turn turn = at->turn;
    for (auto before = parked_.begin(); before != at; ++before) ++before->overtaken;
    parked_.erase(at);
    return turn;
  }
  return std::nullopt;
}

std::optional<BatchSchedule::Turn> BatchSchedule::take_waiting() {
  const bool one_is_due = std::any_of(parked_.begin(), parked_.end(), [&](const Parked& parked) {
    return parked.overtaken >= options_.patience;
  });
  while (!one_is_due && waiting_ < sizes_.size()) {
    const Turn turn{.item = waiting_, .claim = sizes_[waiting_], .measured = false};
    if (!fits(turn.claim)) {
      if (parked_.size() >= most_parked) return std::nullopt;
      parked_.push_back({.turn = turn, .overtaken = 0});
      ++waiting_;
      continue;
    }
    ++waiting_;
    for (Parked& parked : parked_) ++parked.overtaken;
    return turn;
  }
  return std::nullopt;
}

std::optional<BatchSchedule::Turn> BatchSchedule::next() {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (stopped_) return std::nullopt;
    auto turn = take_parked();
    if (!turn) turn = take_waiting();
    if (turn) {
      claimed_ += turn->claim;
      ++in_flight_;
      if (!turn->measured) ++unmeasured_;
      return turn;
    }
    if (waiting_ == sizes_.size() && parked_.empty() && unmeasured_ == 0) return std::nullopt;
    changed_.wait(lock);
  }
}

bool BatchSchedule::grow(Turn& turn, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (turn.measured && bytes <= turn.claim) return true;
  const std::uint64_t claim = std::max(bytes, turn.claim);
  --in_flight_;
  claimed_ -= turn.claim;
  const bool granted = fits(claim);
  if (!turn.measured) --unmeasured_;
  turn.claim = claim;
  turn.measured = true;
  if (granted) {
    ++in_flight_;
    claimed_ += claim;
  } else {
    parked_.push_back({.turn = turn, .overtaken = 0});
  }
  changed_.notify_all();
  return granted;
}

void BatchSchedule::done(const Turn& turn) {
  const std::lock_guard lock(mutex_);
  --in_flight_;
  claimed_ -= turn.claim;
  if (!turn.measured) --unmeasured_;
  changed_.notify_all();
}

void BatchSchedule::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

std::optional<std::size_t> BatchSchedule::take_left() {
  const std::lock_guard lock(mutex_);
  if (!parked_.empty()) {
    const std::size_t item = parked_.front().turn.item;
    parked_.pop_front();
    return item;
  }
  return waiting_ < sizes_.size() ? std::optional(waiting_++) : std::nullopt;
}

}  // namespace nodeops::image
