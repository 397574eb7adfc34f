// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "csv/transform.hpp"

namespace nodeops::fuzz {

/// What a run over a text in memory came to.
struct TextRun {
  std::string output;
  std::string rejects;
  std::string reasons;
  std::string error;  ///< empty: the run was not stopped
  std::uint64_t in = 0;
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;
  std::uint64_t skipped = 0;

  bool operator==(const TextRun&) const = default;
};

/// Runs the engine over `text`; no read gives more than `piece` bytes. AppErrors are caught: they
/// are how a run may end. Anything else that is thrown is a finding.
TextRun run_text(const csv::TransformOptions& options, std::string_view text, std::size_t piece);

}  // namespace nodeops::fuzz
