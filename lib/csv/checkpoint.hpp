// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "csv/position.hpp"
#include "stream/file_identity.hpp"

namespace nodeops::csv {

/// How far a run is, and of which inputs, options and version that holds: all that a later run
/// needs to go on, or to see that it must not. In a file it is
///
///     {"nodeops_checkpoint":1, …}            one line of JSON
///     sha256 0123…                           the digest of that line, without its end
struct Checkpoint {
  /// running: the outputs are in their partial files. placing: they are whole, and being renamed.
  enum class Stage { running, placing };

  struct Input {
    std::string path;
    FileIdentity identity;
  };

  /// What is in an output file by now.
  struct Output {
    std::string option;  ///< that names it
    std::string path;
    std::uint64_t bytes = 0;
    std::string tail;  ///< SHA-256 of the last of these bytes, see tail_size
  };

  static constexpr std::size_t tail_size = 4096;

  /// Of a run that loads a table. Its file only names the run; the checkpoint that tells how far it
  /// is stands in the database.
  struct Load {
    std::string run;
    std::uint64_t passed = 0;  ///< records behind the position that are loaded or refused as well
    std::uint64_t bytes = 0;   ///< of rows
    bool done = false;         ///< all is loaded
  };

  std::string version;  ///< of nodeops, and of what else decides about the output's bytes
  std::vector<Input> inputs;
  std::vector<std::pair<std::string, std::string>> options;  ///< that decide about the output
  std::uint64_t block_size = 0;                              ///< that of TransformOptions
  std::uint64_t grid = 0;
  Stage stage = Stage::running;
  Position position;
  std::vector<Output> outputs;
  std::uint64_t bytes_read = 0;  ///< placing: of the inputs, as they stand in their files
  std::string digests;           ///< placing: what the report says of digests, JSON; empty: nothing
  std::optional<Load> load = {};
};

/// What comes before anything else in such a text.
constexpr std::string_view checkpoint_start = "{\"nodeops_checkpoint\":";

std::string checkpoint_text(const Checkpoint& checkpoint);

/// Reads what checkpoint_text() wrote. Whatever else it is given it refuses with AppError bad_data,
/// whose text starts with `name`.
Checkpoint read_checkpoint(std::string_view text, const std::string& name);

/// Why a run that is described by `now` must not go on from `then`: what of inputs, options and
/// version is different. Empty when nothing is.
std::string difference(const Checkpoint& then, const Checkpoint& now);

}  // namespace nodeops::csv
