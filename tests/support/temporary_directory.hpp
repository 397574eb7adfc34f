// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace nodeops::test {

/// A fresh directory that is removed, with all that is in it, at the end of the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// The full path of a name in it.
  std::string operator/(std::string_view name) const { return (path_ / name).string(); }

  /// Writes a file and returns its full path.
  std::string write(std::string_view name, std::string_view content) const;

  /// The whole file's bytes. Throws std::runtime_error when it cannot be read.
  std::string read(std::string_view name) const;

  bool has(std::string_view name) const { return std::filesystem::exists(path_ / name); }

  /// The names in it, sorted, hidden ones included: what a run left behind.
  std::vector<std::string> names() const;

 private:
  std::filesystem::path path_;
};

}  // namespace nodeops::test
