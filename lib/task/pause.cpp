// SPDX-License-Identifier: MIT
#include "task/pause.hpp"

#include <condition_variable>
#include <mutex>

namespace nodeops {

bool pause_until(Deadline deadline, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any waking;
  std::unique_lock lock(mutex);
  // Nothing but the stop token ever notifies.
  waking.wait_until(lock, stop, deadline.at(), [] { return false; });
  return !stop.stop_requested();
}

}  // namespace nodeops
