// SPDX-License-Identifier: MIT
#include "stream/stop_event.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "core/error.hpp"

namespace nodeops {
namespace {

Descriptor make_event() {
  Descriptor event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (event.number() < 0)
    throw system_failure(ErrorKind::try_later, "eventfd", "cannot create", errno);
  return event;
}

void raise(int descriptor) {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(descriptor, &one, sizeof one));
}

}  // namespace

StopEvent::StopEvent(const std::stop_token& stop) : event_(make_event()), stop_(stop) {
  callback_.emplace(stop, [this] { raise(event_.number()); });
}

}  // namespace nodeops
