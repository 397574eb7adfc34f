// SPDX-License-Identifier: MIT
#include "csv/plugin_library.hpp"

#include <dlfcn.h>

#include <filesystem>

#include "core/error.hpp"
#include "observe/printable.hpp"

namespace nodeops::csv {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw AppError(ErrorKind::unavailable, path + ": not a plugin: " + why);
}

template <class Function>
Function find(void* handle, const std::string& path, const char* name) {
  void* const found = dlsym(handle, name);
  if (found == nullptr) refuse(path, std::string("it has no function ") + name);
  return reinterpret_cast<Function>(found);
}

}  // namespace

PluginLibrary::PluginLibrary(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    throw AppError(ErrorKind::no_input, path + ": there is no such plugin");
  // A name without a slash would be looked for among the system's libraries.
  const std::string place = path.find('/') == std::string::npos ? "./" + path : path;
  void* const handle = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* const why = dlerror();
    refuse(path, printable(why == nullptr ? "it cannot be loaded" : why));
  }
  handle_ = std::shared_ptr<void>(handle, [](void* loaded) { dlclose(loaded); });
  const auto version =
      find<decltype(&nodeops_plugin_version)>(handle, path, "nodeops_plugin_version")();
  if (version != NODEOPS_PLUGIN_VERSION) {
    throw AppError(ErrorKind::unavailable,
                   path + ": the plugin is made for version " + std::to_string(version) +
                       " of the plugin interface, this is version " +
                       std::to_string(NODEOPS_PLUGIN_VERSION),
                   "build it against this nodeops' nodeops/plugin.h");
  }
  open = find<decltype(open)>(handle, path, "nodeops_plugin_open");
  transform = find<decltype(transform)>(handle, path, "nodeops_plugin_transform");
  close = find<decltype(close)>(handle, path, "nodeops_plugin_close");
}

}  // namespace nodeops::csv
