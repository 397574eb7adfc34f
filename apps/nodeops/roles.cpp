// SPDX-License-Identifier: MIT
#include "roles.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace nodeops {
namespace {

namespace fs = std::filesystem;

/// Where a path leads, whatever way it is written and be there something or not.
fs::path place_of(const std::string& path) {
  std::error_code error;
  fs::path place = fs::weakly_canonical(fs::absolute(path, error), error);
  return error ? fs::path(path) : place;
}

/// Neither "-" nor nothing is a file.
bool same_file(const std::string& a, const std::string& b) {
  if (a == b) return true;
  for (const std::string& path : {a, b})
    if (path.empty() || path == standard_stream) return false;
  std::error_code error;
  return place_of(a) == place_of(b) ||
         (fs::is_regular_file(a, error) && fs::equivalent(a, b, error));
}

/// "-", nothing, FIFOs and devices may serve twice.
bool may_be_shared(const std::string& path) {
  std::error_code error;
  return path.empty() || path == standard_stream ||
         (fs::exists(path, error) && !fs::is_regular_file(path, error));
}

[[noreturn]] void refuse(const std::string& option, const std::string& path) {
  throw AppError(ErrorKind::usage, option + ": " + path + " has another role in this run");
}

}  // namespace

void check_roles(const CommonOptions& common, const Roles& roles) {
  if (std::count(roles.inputs.begin(), roles.inputs.end(), standard_stream) > 1)
    throw AppError(ErrorKind::usage, "-: standard input can be read once only");
  std::vector<Roles::Own> all = {
      {"--report", common.report}, {"--metrics-file", common.metrics_file},
      {"--events", common.events}, {"--log-file", common.log_file},
      {"--lock", common.lock},     {"--config", common.config}};
  all.insert(all.end(), roles.own.begin(), roles.own.end());
  for (auto role = all.begin(); role != all.end(); ++role) {
    const std::string& path = role->path;
    if (may_be_shared(path)) continue;
    const auto clashes = [&path](const std::string& other) { return same_file(path, other); };
    const bool twice = std::any_of(role + 1, all.end(),
                                   [&](const Roles::Own& other) { return clashes(other.path); });
    const bool read = std::any_of(roles.inputs.begin(), roles.inputs.end(), clashes);
    if (twice || read || clashes(common.output)) refuse(role->option, path);
    if (roles.comes_upon && roles.comes_upon(path)) {
      throw AppError(ErrorKind::usage,
                     role->option + ": " + path + " would be taken for one of the files to work on",
                     "give it another name, or another directory");
    }
  }
}

}  // namespace nodeops
