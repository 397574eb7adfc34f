// SPDX-License-Identifier: MIT
#include "task/timer_queue.hpp"

#include <algorithm>
#include <utility>

namespace nodeops {
namespace {

constexpr std::size_t children = 4;

}  // namespace

TimerId TimerQueue::at(Clock::time_point time, std::function<void()> task) {
  std::uint32_t slot = 0;
  if (free_.empty()) {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  slots_[slot].task = std::move(task);
  const std::uint32_t turn = slots_[slot].turn;
  heap_.push_back({.time = time, .order = order_++, .slot = slot, .turn = turn});
  rise(heap_.size() - 1);
  ++live_;
  return (TimerId{turn} << 32U) | slot;
}

void TimerQueue::cancel(TimerId timer) {
  const auto slot = static_cast<std::uint32_t>(timer);
  const auto turn = static_cast<std::uint32_t>(timer >> 32U);
  if (slot >= slots_.size() || slots_[slot].turn != turn) return;
  free_slot(slot);
  if (heap_.size() > 64 && heap_.size() > 2 * live_) drop_dead();
}

std::optional<Clock::time_point> TimerQueue::next() {
  while (!heap_.empty() && dead(heap_.front())) pop();
  if (heap_.empty()) return std::nullopt;
  return heap_.front().time;
}

std::function<void()> TimerQueue::take_due(Clock::time_point now) {
  const auto time = next();
  if (!time || *time > now) return nullptr;
  const std::uint32_t slot = heap_.front().slot;
  pop();
  return free_slot(slot);
}

std::function<void()> TimerQueue::free_slot(std::uint32_t slot) {
  auto task = std::exchange(slots_[slot].task, nullptr);
  // Turn 0 is never used: it would make the name of slot 0 the name of none.
  if (++slots_[slot].turn == 0) ++slots_[slot].turn;
  free_.push_back(slot);
  --live_;
  return task;
}

void TimerQueue::rise(std::size_t place) {
  const Entry entry = heap_[place];
  while (place > 0) {
    const std::size_t parent = (place - 1) / children;
    if (!entry.before(heap_[parent])) break;
    heap_[place] = heap_[parent];
    place = parent;
  }
  heap_[place] = entry;
}

void TimerQueue::sink(std::size_t place) {
  const Entry entry = heap_[place];
  while (true) {
    const std::size_t first = place * children + 1;
    if (first >= heap_.size()) break;
    const std::size_t end = std::min(first + children, heap_.size());
    std::size_t least = first;
    for (std::size_t child = first + 1; child < end; ++child) {
      if (heap_[child].before(heap_[least])) least = child;
    }
    if (!heap_[least].before(entry)) break;
    heap_[place] = heap_[least];
    place = least;
  }
  heap_[place] = entry;
}

void TimerQueue::pop() {
  heap_.front() = heap_.back();
  heap_.pop_back();
  if (!heap_.empty()) sink(0);
}

void TimerQueue::drop_dead() {
  std::erase_if(heap_, [this](const Entry& entry) { return dead(entry); });
  for (std::size_t place = heap_.size() / children + 1; place-- > 0;) {
    if (place < heap_.size()) sink(place);
  }
}

bool VirtualTimers::run_next() {
  const auto time = queue_.next();
  if (!time) return false;
  now_ = std::max(now_, *time);
  queue_.take_due(now_)();
  return true;
}

void VirtualTimers::run_until(Clock::time_point time) {
  for (auto next = queue_.next(); next && *next <= time; next = queue_.next()) run_next();
  now_ = std::max(now_, time);
}

}  // namespace nodeops
