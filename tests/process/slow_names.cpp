// SPDX-License-Identifier: MIT
// Preloaded: a name server that is there and does not answer for a minute.
#include <netdb.h>
#include <unistd.h>

extern "C" [[gnu::visibility("default")]] int getaddrinfo(const char*, const char*,
                                                          const ::addrinfo*, ::addrinfo**) {
  constexpr unsigned seconds = 60;
  ::sleep(seconds);
  return EAI_AGAIN;
}
