// SPDX-License-Identifier: MIT
#include "stream/small_file.hpp"

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "core/error.hpp"

namespace nodeops {

std::string read_small_file(const std::string& path, std::string_view what) {
  const std::string problem = "cannot open " + std::string(what);
  std::ifstream file(path, std::ios::binary);
  if (!file) throw system_failure(ErrorKind::no_input, path, problem, errno);
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw system_failure(ErrorKind::no_input, path, problem, EISDIR);
  constexpr std::size_t largest = 64 << 20;
  std::string text;
  std::array<char, 1 << 14> block;
  while (file.read(block.data(), block.size()), file.gcount() > 0) {
    text.append(block.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > largest)
      throw AppError(ErrorKind::bad_data, path + ": is too large for " + std::string(what));
  }
  if (file.bad()) throw system_failure(ErrorKind::io_failed, path, "cannot read", errno);
  return text;
}

}  // namespace nodeops
