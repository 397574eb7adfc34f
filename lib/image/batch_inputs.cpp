// SPDX-License-Identifier: MIT
#include "image/batch_inputs.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "core/descriptor.hpp"
#include "image/batch_names.hpp"

namespace nodeops::image {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

constexpr std::array beginnings = {"\xff\xd8\xff"sv, "\x89PNG\r\n"sv, "GIF8"sv, "8BPS"sv,
                                   "#?RADIANCE"sv,   "#?RGBE"sv,      "P5\n"sv, "P6\n"sv,
                                   "P5 "sv,          "P6 "sv};

std::string joined(const std::string& directory, const std::string& name) {
  if (directory.empty()) return name;
  return directory.ends_with('/') ? directory + name : directory + "/" + name;
}

bool begins_like_an_image(const std::string& path) {
  std::array<char, 16> start{};
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (file.number() < 0) return false;
  const auto count = ::read(file.number(), start.data(), start.size());
  if (count <= 0) return false;
  const std::string_view text(start.data(), static_cast<std::size_t>(count));
  if (text.starts_with("RIFF")) return text.find("WEBP") == 8;
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view beginning) { return text.starts_with(beginning); });
}

}  // namespace

bool looks_like_an_image(const std::string& path) {
  return has_image_suffix(path) || begins_like_an_image(path);
}

InputLister::InputLister(Options options) : options_(std::move(options)) {
  struct stat status {};
  if (!options_.output_directory.empty() &&
      ::stat(options_.output_directory.c_str(), &status) == 0) {
    not_searched_ = {status.st_dev, status.st_ino};
  }
}

void InputLister::fail(const std::string& path, ErrorKind kind, int error_number) {
  inputs_.unusable.push_back({path, kind, std::string("cannot open: ") + ::strerror(error_number)});
}

void InputLister::add(const std::string& path) {
  if (path == "-") {
    inputs_.files.push_back({.path = path, .below = "stdin"});
    return;
  }
  struct stat status {};
  const bool is_there = ::stat(path.c_str(), &status) == 0;
  if (is_there && S_ISDIR(status.st_mode)) {
    inputs_.has_directory = true;
    return search(path, "");
  }
  if (!is_there || ::access(path.c_str(), R_OK) != 0) return fail(path, ErrorKind::no_input, errno);
  inputs_.files.push_back(
      {.path = path,
       .below = fs::path(path).filename().string(),
       .bytes = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0});
}

void InputLister::add_list(ByteSource& list, char separator) {
  std::string name;
  std::array<char, 64 << 10> block{};
  for (;;) {
    const std::size_t count = list.read(block);
    for (const char c : std::string_view(block.data(), count)) {
      if (c != separator) {
        name.push_back(c);
        continue;
      }
      if (!name.empty()) add(name);
      name.clear();
    }
    if (count == 0) break;
  }
  if (!name.empty()) add(name);
}

void InputLister::search(const std::string& directory, const std::string& below) {
  std::error_code error;
  fs::directory_iterator listing(directory, error);
  std::vector<fs::directory_entry> entries;
  while (!error && listing != fs::directory_iterator()) {
    entries.push_back(*listing);
    listing.increment(error);
  }
  if (error) fail(directory, ErrorKind::no_input, error.value());
  std::sort(entries.begin(), entries.end());
  for (const fs::directory_entry& entry : entries) visit(entry, below);
}

void InputLister::visit(const fs::directory_entry& entry, const std::string& below) {
  const std::string path = entry.path().string();
  const std::string name = entry.path().filename().string();
  if (name.starts_with('.')) return;
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return fail(path, ErrorKind::no_input, errno);
  if (S_ISDIR(status.st_mode)) {
    const Identity identity{status.st_dev, status.st_ino};
    if (options_.recursive && identity != not_searched_) search(path, joined(below, name));
    return;
  }
  const bool link = S_ISLNK(status.st_mode);
  if (link && ::stat(path.c_str(), &status) != 0) {
    // Nobody misses a dead link that does not look like an image.
    if (has_image_suffix(name)) fail(path, ErrorKind::no_input, errno);
    return;
  }
  if (!S_ISREG(status.st_mode)) return;
  if (!looks_like_an_image(path)) return;
  inputs_.files.push_back({.path = path,
                           .below = joined(below, name),
                           .bytes = static_cast<std::uint64_t>(status.st_size),
                           .found = true});
}

}  // namespace nodeops::image
