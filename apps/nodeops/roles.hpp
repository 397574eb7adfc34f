// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common_options.hpp"

namespace nodeops {

/// The files that a command's own options name, by what they are for. "-" and nothing may be among
/// them.
struct Roles {
  struct Own {
    std::string option;  ///< that names it, for messages
    std::string path;
  };
  std::vector<std::string> inputs;
  /// What an option writes, or reads for itself, such as a secret: nothing else may be the same
  /// file.
  std::vector<Own> own;
  /// Whether the run would come upon a file of this name as an input or output that nobody has
  /// named: in a directory, in a list, beside an input. Null: it names them all.
  std::function<bool(const std::string& path)> comes_upon = nullptr;
};

/// Sees to it that no file of an option has another purpose in the run, and that no input is
/// written but by --output, before anything is opened. Throws AppError usage.
void check_roles(const CommonOptions& common, const Roles& roles);

}  // namespace nodeops
