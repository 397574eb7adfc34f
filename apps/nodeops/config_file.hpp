// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace nodeops {

/// One setting of a configuration file, or one of its sections.
struct Setting {
  std::string section;              ///< the table it stands in; empty: none
  std::string name;                 ///< empty: this is the section's own line
  std::vector<std::string> values;  ///< several when it is an array
};

/// Reads a configuration file: TOML, or the plain `name = value` of INI files, whose values need no
/// quotes and whose comments may begin with a semicolon. The settings come in the file's order.
/// Throws AppError: no_input when it cannot be opened, bad_config, with the line, when it is
/// neither.
std::vector<Setting> read_config_file(const std::string& path);

}  // namespace nodeops
