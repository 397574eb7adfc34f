// SPDX-License-Identifier: MIT
#include "roles.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace nodeops {
namespace {

namespace fs = std::filesystem;

/// A path and where it leads, whatever way it is written and be there something or not: asked of
/// the system once, for there may be thousands of inputs.
class Place {
 public:
  explicit Place(const std::string& path) : path_(path) {
    // Neither "-" nor nothing is a file.
    if (path.empty() || path == standard_stream) return;
    std::error_code error;
    place_ = fs::weakly_canonical(fs::absolute(path, error), error);
    if (error) place_ = path;
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode))
      file_ = {status.st_dev, status.st_ino};
  }

  bool is_same(const Place& other) const {
    if (path_ == other.path_) return true;
    if (place_.empty() || other.place_.empty()) return false;
    return place_ == other.place_ || (file_ && file_ == other.file_);
  }

 private:
  std::string path_;
  fs::path place_;
  std::optional<std::pair<dev_t, ino_t>> file_;  ///< of a regular one
};

/// "-", nothing, FIFOs and devices may serve twice.
bool may_be_shared(const std::string& path) {
  std::error_code error;
  return path.empty() || path == standard_stream ||
         (fs::exists(path, error) && !fs::is_regular_file(path, error));
}

[[noreturn]] void refuse(const Roles::Own& own, const char* what, const char* advice = "") {
  throw AppError(ErrorKind::usage, own.option + ": " + own.path + what, advice);
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
  std::erase_if(all, [](const Roles::Own& own) { return may_be_shared(own.path); });
  if (all.empty()) return;
  std::vector<Place> places;
  places.reserve(all.size() + roles.inputs.size() + 1);
  for (const Roles::Own& own : all) places.emplace_back(own.path);
  for (const std::string& input : roles.inputs) places.emplace_back(input);
  places.emplace_back(common.output);
  auto place = places.begin();
  for (const Roles::Own& own : all) {
    const Place& here = *place++;
    if (std::any_of(place, places.end(), [&](const Place& other) { return here.is_same(other); }))
      refuse(own, " has another role in this run");
    if (roles.comes_upon && roles.comes_upon(own.path))
      refuse(own, " would be taken for one of the files to work on",
             "give it another name, or another directory");
  }
}

}  // namespace nodeops
