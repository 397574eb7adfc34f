// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common_options.hpp"
#include "csv_transform.hpp"

namespace nodeops {

/// The options that decide about the bytes of the outputs, and their values, as texts: a run with
/// other ones cannot go on where this one stopped. `key` is that of --hash; of it there is only a
/// trace that does not give it away.
std::vector<std::pair<std::string, std::string>> deciding_options(
    const CsvTransformOptions& options, const CommonOptions& common, const std::string& key);

}  // namespace nodeops
