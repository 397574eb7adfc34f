// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/deadline.hpp"
#include "core/descriptor.hpp"

namespace nodeops {

/// One end of a connection between two processes of this machine. What is sent in one piece arrives
/// in one piece, and open files can go along.
class MessageSocket {
 public:
  static constexpr std::size_t longest = 64 << 10;
  static constexpr std::size_t most_descriptors = 4;

  struct Message {
    std::string bytes;
    std::vector<int> descriptors;  ///< now the receiver's to close
  };

  /// Takes the descriptor over.
  explicit MessageSocket(int descriptor) : descriptor_(descriptor) {}

  /// False: the other side is gone. Throws AppError io_failed for anything else.
  bool send(std::string_view bytes, const std::vector<int>& descriptors = {}) const;

  /// Waits for a message. Empty: the other side is gone.
  std::optional<Message> receive() const;

  /// Waits until receive() would return at once: true. False: the deadline has passed.
  bool wait(Deadline deadline) const;

  int descriptor() const { return descriptor_.number(); }

  /// Two ends of one connection. Throws AppError try_later.
  static std::pair<MessageSocket, MessageSocket> pair();

 private:
  Descriptor descriptor_;
};

}  // namespace nodeops
