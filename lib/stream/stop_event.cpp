// SPDX-License-Identifier: MIT
#include "stream/stop_event.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "core/error.hpp"

namespace nodeops {
namespace {

int make_event() {
  const int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor < 0) throw system_failure(ErrorKind::try_later, "eventfd", "cannot create", errno);
  return descriptor;
}

void raise(int descriptor) {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(descriptor, &one, sizeof one));
}

}  // namespace

StopEvent::StopEvent(const std::stop_token& stop) : descriptor_(make_event()), stop_(stop) {
  callback_.emplace(stop, [this] { raise(descriptor_); });
}

StopEvent::~StopEvent() {
  callback_.reset();  // waits for a call that is under way: it must not find the descriptor closed
  ::close(descriptor_);
}

}  // namespace nodeops
