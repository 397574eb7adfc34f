// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/io.hpp"

namespace nodeops::dashboard {

/// Reads ids, one per line, as they come: blank lines are passed over, a CR at a line's end and a
/// byte-order mark at the start do not count.
class IdReader {
 public:
  static constexpr std::size_t longest = std::size_t{8} << 20U;

  explicit IdReader(ByteSource& source) : source_(source) {}

  /// The next id that is there; empty when none is. Waits only when `may_wait`. Throws AppError
  /// bad_data, which names the line, for an id of more than 8 MiB.
  std::optional<std::string> next(bool may_wait);

  std::uint64_t bytes_read() const { return bytes_read_; }

  /// No more ids will come.
  bool over() const { return ended_ && from_ >= buffer_.size(); }

 private:
  std::optional<std::string> buffered();
  bool fill(bool may_wait);

  ByteSource& source_;
  std::string buffer_;
  std::size_t from_ = 0;     ///< what is before has been given out
  std::size_t scanned_ = 0;  ///< no line end is before
  std::uint64_t line_ = 0;
  std::uint64_t bytes_read_ = 0;
  bool ended_ = false;
};

}  // namespace nodeops::dashboard
