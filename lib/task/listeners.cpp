// SPDX-License-Identifier: MIT
#include "task/listeners.hpp"

#include <algorithm>

namespace nodeops {

Listeners::Ticket& Listeners::Ticket::operator=(Ticket&& other) noexcept {
  std::swap(list_, other.list_);
  std::swap(number_, other.number_);
  return *this;
}

Listeners::Ticket::~Ticket() {
  if (list_ != nullptr) list_->remove(number_);
}

Listeners::Ticket Listeners::add(std::function<void()> listener) {
  const std::lock_guard lock(mutex_);
  listeners_.emplace_back(next_, std::move(listener));
  return {this, next_++};
}

std::exception_ptr Listeners::call_all() {
  const std::lock_guard lock(mutex_);
  std::exception_ptr first;
  for (auto entry = listeners_.rbegin(); entry != listeners_.rend(); ++entry) {
    try {
      entry->second();
    } catch (...) {
      if (!first) first = std::current_exception();
    }
  }
  return first;
}

void Listeners::remove(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [&](const auto& entry) { return entry.first == number; });
}

}  // namespace nodeops
