// SPDX-License-Identifier: MIT
#include "stream/kill_point.hpp"

#include <charconv>
#include <csignal>

namespace nodeops {

KillPoint::KillPoint(std::string_view text) {
  constexpr bool built_in = NODEOPS_FAULTS;
  if (!built_in || text.empty()) return;
  is_set_ = true;
  const auto colon = text.find(':');
  name_ = text.substr(0, colon);
  if (colon == std::string_view::npos) return;
  unsigned count = 1;
  std::from_chars(text.data() + colon + 1, text.data() + text.size(), count);
  left_ = count;
}

void KillPoint::pass(std::string_view name) {
  if (is_set_ && name == name_ && --left_ == 0) std::raise(SIGKILL);
}

}  // namespace nodeops
