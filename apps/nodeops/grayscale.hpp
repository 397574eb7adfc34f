// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "image/batch_plan.hpp"
#include "image/convert.hpp"
#include "roles.hpp"

namespace nodeops {

struct RunContext;

struct GrayscaleOptions {
  std::vector<std::string> inputs;
  bool recursive = false;
  std::string files_from;       ///< empty: no list
  bool null_separated = false;  ///< what ends a name in that list
  image::ConvertOptions convert;
  bool target_given = false;  ///< --to; else a suffix of --output may say it
  std::string name;           ///< the pattern of --name; empty: the default of the place
  bool in_place = false;
  bool in_processes = false;
  std::chrono::nanoseconds timeout = std::chrono::seconds(60);
  image::Order order = image::Order::given;
  bool update = false;
  bool overwrite = false;
  bool stop_on_error = false;
};

/// The files that its own options name.
Roles roles_of(const GrayscaleOptions& options);

/// Turns images gray. Returns the exit status.
int grayscale(const GrayscaleOptions& options, RunContext& run);

}  // namespace nodeops
