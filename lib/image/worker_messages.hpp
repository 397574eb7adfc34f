// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/error.hpp"
#include "image/convert.hpp"
#include "image/fault.hpp"
#include "task/message_socket.hpp"

/// What a run and its worker processes, which are the same program, tell one another.
///
///     run                                      worker
///      │ ◀───────────────────────────── Greeting │   confined, or the reason why not
///      │ Task + the image, a file to fill ─────▶ │
///      │ ◀──────────────────── Answer (measured) │   or failed: and the next Task
///      │ Decision (convert or drop) ───────────▶ │
///      │ ◀─────────── Answer (converted, failed) │   nothing after drop
namespace nodeops::image {

struct GreetingMessage {
  bool confined;
  std::uint64_t address_bytes;  ///< that it takes before any image
};

struct TaskMessage {
  ConvertOptions options;
  std::uint64_t bytes;  ///< of the image's file
  Fault fault;
  std::uint64_t most_kept;  ///< of memory, until the next image
};

struct DecisionMessage {
  bool convert;
};

/// Followed by a text: the reason of a failure, the extension when measured, else the notes, each
/// with a line end.
struct AnswerMessage {
  enum class Kind { measured, converted, failed } kind;
  ErrorKind error;
  Format format;
  std::uint64_t working_bytes;
  std::uint64_t bytes;  ///< of the output
};

template <class Message>
std::string packed(const Message& message, std::string_view text = {}) {
  static_assert(std::is_trivially_copyable_v<Message>);
  std::string bytes(sizeof message, '\0');
  std::memcpy(bytes.data(), &message, sizeof message);
  bytes += text.substr(0, MessageSocket::longest - bytes.size());
  return bytes;
}

/// False: too short to be one. The text behind it goes to `text`.
template <class Message>
bool unpack(std::string_view bytes, Message& message, std::string& text) {
  if (bytes.size() < sizeof message) return false;
  std::memcpy(&message, bytes.data(), sizeof message);
  text = bytes.substr(sizeof message);
  return true;
}

}  // namespace nodeops::image
