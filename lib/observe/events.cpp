// SPDX-License-Identifier: MIT
#include "observe/events.hpp"

#include <exception>

#include "core/error.hpp"
#include "observe/log.hpp"

namespace nodeops {

void RunEvents::subscribe(Listener listener) {
  const std::lock_guard lock(mutex_);
  listeners_.push_back(std::move(listener));
}

void RunEvents::emit(const Event& event) {
  const std::lock_guard lock(mutex_);
  std::exception_ptr stop;
  for (const Listener& listener : listeners_) {
    try {
      listener(event);
    } catch (const AppError&) {
      if (!stop) stop = std::current_exception();
    } catch (const std::exception& failed) {
      log::error("an observer of the run failed", {{"reason", failed.what()}});
    } catch (...) {
      log::error("an observer of the run failed");
    }
  }
  if (stop) std::rethrow_exception(stop);
}

}  // namespace nodeops
