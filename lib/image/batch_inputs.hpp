// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/io.hpp"

namespace nodeops::image {

/// One file of a batch.
struct BatchInput {
  std::string path;         ///< to open it by; "-" is standard input
  std::string below;        ///< where it is below the INPUT it was found in: "sub/b.png"
  std::uint64_t bytes = 0;  ///< 0 for what is no regular file
  bool found = false;       ///< in a directory; else it was named
};

/// What was named or found and is no file that could be read.
struct UnusableInput {
  std::string path;
  ErrorKind kind;
  std::string reason;
};

struct BatchInputs {
  std::vector<BatchInput> files;
  std::vector<UnusableInput> unusable;
  bool has_directory = false;  ///< one of the INPUTs is a directory
};

/// Collects the files of a batch, in the order given, those of a directory by name.
///
/// Of a directory, every file is taken whose name has an image's suffix, and every other one that
/// begins like an image; those whose name starts with a dot are not. Links to files are taken,
/// links to directories are not followed unless they are named: there are no loops.
class InputLister {
 public:
  struct Options {
    bool recursive = false;
    std::string output_directory = {};  ///< is not searched: it may be below an INPUT
  };
  explicit InputLister(Options options);

  /// A file, a directory or "-".
  void add(const std::string& path);

  /// The names in a list; an empty one is left out. Throws what the source throws.
  void add_list(ByteSource& list, char separator);

  /// What has been collected.
  BatchInputs take() { return std::move(inputs_); }

 private:
  using Identity = std::pair<dev_t, ino_t>;

  void search(const std::string& directory, const std::string& below);
  void visit(const std::filesystem::directory_entry& entry, const std::string& below);
  void fail(const std::string& path, ErrorKind kind, int error_number);

  Options options_;
  std::optional<Identity> not_searched_;
  BatchInputs inputs_;
};

/// True for a name with the suffix of an image format, also of one that is not read here (that
/// should be said, not passed over), and for a file that begins as images begin.
bool looks_like_an_image(const std::string& path);

}  // namespace nodeops::image
