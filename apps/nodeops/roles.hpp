// SPDX-License-Identifier: MIT
#pragma once

#include "common_options.hpp"
#include "csv_transform.hpp"

namespace nodeops {

/// Sees to it that no file is written for two purposes, and no input for another than --output,
/// before anything is opened. Throws AppError usage.
void check_roles(const CommonOptions& common, const CsvTransformOptions& options);

}  // namespace nodeops
