// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "common_options.hpp"

namespace nodeops {

/// The files that a command's own options name, by what they are for. "-" and nothing may be among
/// them.
struct Roles {
  struct Written {
    std::string option;  ///< that names it, for messages
    std::string path;
  };
  std::vector<std::string> inputs;
  std::vector<Written> written;
};

/// Sees to it that no file is written for two purposes, and no input for another than --output,
/// before anything is opened. Throws AppError usage.
void check_roles(const CommonOptions& common, const Roles& roles);

}  // namespace nodeops
