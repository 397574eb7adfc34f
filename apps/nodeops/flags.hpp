// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "common_options.hpp"
#include "csv_transform.hpp"

namespace nodeops {

/// Adds an option whose text `parse` takes; false from it makes a usage error that names the
/// option, the value and what is `allowed`.
CLI::Option* add_parsed(CLI::App& app, const std::string& names, const std::string& placeholder,
                        const std::string& description, const std::string& allowed,
                        const std::function<bool(const std::string&)>& parse);

/// The options of every command.
void add_common_flags(CLI::App& app, CommonOptions& options);

/// The options of csv-transform. Transforms are collected by take_steps().
void add_csv_transform_flags(CLI::App& app, CsvTransformOptions& options);

/// Collects the transforms of a parsed command line in their order.
void take_steps(const CLI::App& app, CsvTransformOptions& options);

}  // namespace nodeops
