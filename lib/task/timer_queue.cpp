// SPDX-License-Identifier: MIT
#include "task/timer_queue.hpp"

#include <algorithm>
#include <utility>

namespace nodeops {
namespace {

constexpr std::size_t children = 4;

/// About four milliseconds each.
std::int64_t moment_of(Clock::time_point time) {
  return std::chrono::nanoseconds(time.time_since_epoch()).count() >> 22U;
}

}  // namespace

TimerId TimerQueue::at(Clock::time_point time, std::function<void()> task) {
  const Entry entry = occupy_slot(time, std::move(task));
  push(entry);
  return entry.id();
}

TimerId TimerQueue::after(Clock::time_point now, Clock::duration delay,
                          std::function<void()> task) {
  const Entry entry = occupy_slot(now + delay, std::move(task));
  if (Line* const line = line_for(delay, entry.time))
    line->entries.push_back(entry);
  else
    push(entry);
  return entry.id();
}

TimerQueue::Entry TimerQueue::occupy_slot(Clock::time_point time, std::function<void()> task) {
  std::uint32_t slot = 0;
  if (free_.empty()) {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  slots_[slot].task = std::move(task);
  ++entries_;
  ++live_;
  return {.time = time, .order = order_++, .slot = slot, .turn = slots_[slot].turn};
}

void TimerQueue::push(const Entry& entry) {
  if (const auto moment = moment_of(entry.time); moment > moment_) {
    later_[moment].push_back(entry);
    return;
  }
  heap_.push_back(entry);
  rise(heap_.size() - 1);
}

TimerQueue::Line* TimerQueue::line_for(Clock::duration delay, Clock::time_point time) {
  constexpr std::size_t most_lines = 8;
  auto line = std::find_if(lines_.begin(), lines_.end(),
                           [&](const Line& one) { return one.delay == delay; });
  if (line == lines_.end()) {
    if (lines_.size() == most_lines) return nullptr;
    line = lines_.insert(line, {.delay = delay, .entries = {}});
  }
  return line->entries.empty() || line->entries.back().time <= time ? &*line : nullptr;
}

void TimerQueue::cancel(TimerId timer) {
  const auto slot = static_cast<std::uint32_t>(timer);
  const auto turn = static_cast<std::uint32_t>(timer >> 32U);
  if (slot >= slots_.size() || slots_[slot].turn != turn) return;
  free_slot(slot);
  if (entries_ > 64 && entries_ > 2 * live_) drop_dead();
}

const TimerQueue::Entry* TimerQueue::first(Line*& line) {
  while (!heap_.empty() && dead(heap_.front())) pop();
  while (heap_.empty() && !later_.empty()) begin_next_moment();
  const Entry* found = heap_.empty() ? nullptr : &heap_.front();
  line = nullptr;
  for (Line& one : lines_) {
    auto& entries = one.entries;
    while (!entries.empty() && dead(entries.front())) {
      entries.pop_front();
      --entries_;
    }
    if (entries.empty() || (found != nullptr && !entries.front().before(*found))) continue;
    found = &entries.front();
    line = &one;
  }
  return found;
}

std::optional<Clock::time_point> TimerQueue::next() {
  Line* line = nullptr;
  const Entry* const entry = first(line);
  return entry == nullptr ? std::nullopt : std::optional(entry->time);
}

std::function<void()> TimerQueue::take_due(Clock::time_point now) {
  Line* line = nullptr;
  const Entry* const entry = first(line);
  if (entry == nullptr || entry->time > now) return nullptr;
  const std::uint32_t slot = entry->slot;
  if (line == nullptr) {
    pop();
  } else {
    line->entries.pop_front();
    --entries_;
  }
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
  --entries_;
  if (!heap_.empty()) sink(0);
}

void TimerQueue::begin_next_moment() {
  auto next = later_.extract(later_.begin());
  moment_ = next.key();
  heap_ = std::move(next.mapped());
  entries_ -= drop_dead_of(heap_);
  make_heap();
}

std::size_t TimerQueue::drop_dead_of(std::vector<Entry>& entries) const {
  return std::erase_if(entries, [this](const Entry& entry) { return dead(entry); });
}

void TimerQueue::drop_dead() {
  for (Line& line : lines_)
    std::erase_if(line.entries, [this](const Entry& entry) { return dead(entry); });
  for (auto& [moment, entries] : later_) drop_dead_of(entries);
  drop_dead_of(heap_);
  entries_ = live_;
  make_heap();
}

void TimerQueue::make_heap() {
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
