// SPDX-License-Identifier: MIT
#include "image/batch_output.hpp"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

#include "core/error.hpp"
#include "stream/output_file.hpp"

namespace nodeops::image {
namespace {

constexpr auto mark_name = "user.nodeops.options";

const char* word(Target to) {
  switch (to) {
    case Target::keep:
      return "keep";
    case Target::png:
      return "png";
    case Target::jpg:
      return "jpg";
    case Target::bmp:
      return "bmp";
    case Target::tga:
      return "tga";
    case Target::pgm:
      return "pgm";
    case Target::webp:
      return "webp";
  }
  return "";
}

const char* word(Luma luma) {
  return luma == Luma::bt601 ? "bt601" : luma == Luma::bt709 ? "bt709" : "linear";
}

bool newer(const timespec& a, const timespec& b) {
  return a.tv_sec != b.tv_sec ? a.tv_sec > b.tv_sec : a.tv_nsec > b.tv_nsec;
}

void make_directory_of(const std::string& path) {
  const auto directory = std::filesystem::path(path).parent_path();
  if (directory.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    throw system_failure(ErrorKind::cannot_create, directory.string(),
                         "cannot create the directory", error.value());
  }
}

}  // namespace

std::string options_mark(const ConvertOptions& options) {
  // The number in front changes when the same options give other pixels.
  return std::string("1 to=") + word(options.to) +
         " compression=" + std::to_string(options.compression) +
         " quality=" + (options.quality ? std::to_string(*options.quality) : "keep") +
         " luma=" + word(options.luma) + " alpha=" + (options.drop_alpha ? "drop" : "keep") +
         " depth=" + (options.eight_bits ? "8" : "keep") +
         " orient=" + (options.apply_orientation ? "apply" : "keep") +
         " metadata=" + (options.strip_metadata ? "strip" : "keep");
}

bool is_up_to_date(const std::string& input, const std::string& output, const std::string& mark) {
  struct stat read {};
  struct stat written {};
  if (::stat(input.c_str(), &read) != 0 || ::stat(output.c_str(), &written) != 0) return false;
  if (!S_ISREG(written.st_mode) || !newer(written.st_mtim, read.st_mtim)) return false;
  std::array<char, 512> found{};
  const auto size = ::getxattr(output.c_str(), mark_name, found.data(), found.size());
  if (size < 0) return errno == ENOTSUP;
  return mark == std::string_view(found.data(), static_cast<std::size_t>(size));
}

void BatchOutputs::write(const std::string& path, const std::string& bytes) {
  if (path == "-") {
    standard_output_.write(bytes);
    return;
  }
  make_directory_of(path);
  OutputFile file(path, stop_);
  const std::string temporary = file.temporary_path();
  if (!temporary.empty()) {
    const std::lock_guard lock(mutex_);
    temporaries_.insert(temporary);
  }
  file.write(bytes);
  file.set_attribute(mark_name, mark_);
  file.finish();
  const std::lock_guard lock(mutex_);
  temporaries_.erase(temporary);
}

void BatchOutputs::remove_temporaries() {
  const std::lock_guard lock(mutex_);
  for (const std::string& name : temporaries_) ::unlink(name.c_str());
}

}  // namespace nodeops::image
