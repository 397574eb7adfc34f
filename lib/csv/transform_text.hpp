// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "csv/transform.hpp"

namespace nodeops::csv {

/// What became of a text.
struct TextOutcome {
  std::string output;
  std::string rejects;  ///< the refused records, byte for byte
  std::string reasons;  ///< NDJSON, one object per refused record
  std::uint64_t records = 0;
  std::uint64_t refused = 0;
  std::uint64_t filtered = 0;
  std::optional<AppError> error;  ///< what ended the run early; `output` holds what came before it
};

/// Runs transform() over a text in memory, as one input named "-". `piece` is the most that one
/// read gives, in bytes: small pieces are what a slow pipe does. For embedding, tests and fuzzers.
TextOutcome transform_text(const TransformOptions& options, std::string_view text,
                           std::size_t piece = static_cast<std::size_t>(-1));

}  // namespace nodeops::csv
