// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "csv/row_transform.hpp"

namespace nodeops::csv {

/// Passes the records through a plugin, "FILE.so[:OPTIONS]": what --plugin does. Loads it; throws
/// what PluginLibrary throws.
std::shared_ptr<const RowTransform> plugin(const std::string& text);

/// FILE.so alone, of any text.
std::string plugin_path(const std::string& text);

}  // namespace nodeops::csv
