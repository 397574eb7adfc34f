// SPDX-License-Identifier: MIT
#include "observe/terminal.hpp"

namespace nodeops {

std::string Terminal::wipe() const {
  return status_.empty() ? std::string() : '\r' + std::string(status_.size(), ' ') + '\r';
}

void Terminal::words(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  if (status_.empty()) return write_(lines);
  write_(wipe().append(lines).append(status_));
}

void Terminal::status(std::string_view line) {
  const std::lock_guard lock(mutex_);
  if (line == status_) return;
  std::string drawn;
  if (line.empty()) {
    drawn = wipe();
  } else {
    drawn.append(status_.empty() ? "" : "\r").append(line);
    // Spaces over what the longer one before left behind, and back again.
    if (line.size() < status_.size()) {
      const std::size_t rest = status_.size() - line.size();
      drawn.append(rest, ' ').append(rest, '\b');
    }
  }
  status_ = line;
  write_(drawn);
}

}  // namespace nodeops
