// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "nodeops/plugin.h"

namespace nodeops::csv {

/// A plugin's shared object, loaded while this lives.
class PluginLibrary {
 public:
  /// Throws AppError: no_input when there is no such file, unavailable when it is not a plugin of
  /// this version.
  explicit PluginLibrary(const std::string& path);

  decltype(&nodeops_plugin_open) open = nullptr;
  decltype(&nodeops_plugin_transform) transform = nullptr;
  decltype(&nodeops_plugin_close) close = nullptr;

 private:
  std::shared_ptr<void> handle_;
};

}  // namespace nodeops::csv
