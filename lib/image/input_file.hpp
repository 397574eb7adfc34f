// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "core/descriptor.hpp"
#include "core/io.hpp"

namespace nodeops::image {

/// An image's file, open. It is read, not mapped: a mapped file that somebody cuts off ends the
/// process, one that is read costs one image.
class InputFile {
 public:
  /// Opens a regular file; what else there is (a pipe, standard input) is copied into memory that
  /// looks like a file, at most `most_copied` bytes. Throws AppError no_input, bad_data when it is
  /// longer, interrupted.
  InputFile(const std::string& path, ByteSource* standard_input, std::uint64_t most_copied,
            const std::stop_token& stop);

  int descriptor() const { return descriptor_.number(); }
  std::uint64_t bytes() const { return bytes_; }

  /// True for what can be opened again and says the same.
  bool rereadable() const { return rereadable_; }

 private:
  Descriptor descriptor_;
  std::uint64_t bytes_ = 0;
  bool rereadable_ = false;
};

/// Reads a whole file of which `bytes` is the size that it had when it was opened. Throws AppError
/// io_failed when it cannot be read or is not as long any more.
void read_whole(int descriptor, std::uint64_t bytes, std::vector<std::byte>& content);

/// Memory that looks like a file, without a name. Throws AppError try_later.
Descriptor memory_file();

}  // namespace nodeops::image
