// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace nodeops {

/// What tells a file from another one, or from itself at another time, without reading it whole.
struct FileIdentity {
  std::uint64_t size = 0;        ///< bytes
  std::int64_t modified_ns = 0;  ///< since 1970
  std::string first = {};        ///< SHA-256 of its first 64 KiB, in hexadecimal digits
  std::string last = {};         ///< and of its last

  bool operator==(const FileIdentity&) const = default;
};

/// The identity of a regular file; empty for anything else. Throws AppError: no_input, io_failed.
std::optional<FileIdentity> identify(const std::string& path);

/// What of a file has changed, in words: "its size was 7 bytes, is 9"; empty when nothing has.
std::string change(const FileIdentity& was, const FileIdentity& is);

}  // namespace nodeops
