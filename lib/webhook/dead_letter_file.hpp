// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/descriptor.hpp"
#include "webhook/delivery.hpp"

namespace nodeops::webhook {

/// The delivery's headers as a JSON object: a text, or an array of texts for several of one name.
/// Joined they would be no signature any more.
std::string headers_json(const Delivery& delivery);

/// What `--dead-letter` keeps: NDJSON, one delivery per line as the reader takes it, with the
/// masked reason beside it. Appended to, readable by its owner alone.
class DeadLetterFile {
 public:
  /// Throws AppError cannot_create.
  explicit DeadLetterFile(const std::string& path);

  void add(const Delivery& delivery, std::string_view event_id, const Problem& problem,
           std::int64_t now);

  /// Puts what was added onto the disk. Throws AppError io_failed.
  void sync();

 private:
  void write_all(std::string_view text);

  std::string path_;
  Descriptor file_;
  std::string lines_;  ///< added, not yet written
};

}  // namespace nodeops::webhook
