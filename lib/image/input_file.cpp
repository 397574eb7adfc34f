// SPDX-License-Identifier: MIT
#include "image/input_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "core/error.hpp"
#include "stream/open_input.hpp"

namespace nodeops::image {
namespace {

AppError changed() {
  return {ErrorKind::io_failed, "the file changed while it was read"};
}

AppError cannot_open(int error_number) {
  return {ErrorKind::no_input, std::string("cannot open: ") + ::strerror(error_number)};
}

AppError cannot_read(int error_number) {
  return {ErrorKind::io_failed, std::string("cannot read: ") + ::strerror(error_number)};
}

void write_whole(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw cannot_read(errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

/// Copies a stream of unknown length.
std::uint64_t copy(ByteSource& source, int descriptor, std::uint64_t most) {
  std::array<char, 64 << 10> block{};
  std::uint64_t total = 0;
  while (const std::size_t count = source.read(block)) {
    total += count;
    if (total > most)
      throw AppError(ErrorKind::over_limit, "longer than an image in a pipe may be");
    write_whole(descriptor, {block.data(), count});
  }
  return total;
}

}  // namespace

Descriptor memory_file() {
  Descriptor file(::memfd_create("nodeops-image", MFD_CLOEXEC));
  if (file.number() < 0) {
    throw AppError(ErrorKind::try_later, std::string("cannot take memory: ") + ::strerror(errno));
  }
  return file;
}

InputFile::InputFile(const std::string& path, ByteSource* standard_input, std::uint64_t most_copied,
                     const std::stop_token& stop) {
  std::unique_ptr<ByteSource> opened;
  ByteSource* source = standard_input;
  if (path != "-") {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) throw cannot_open(errno);
    if (S_ISREG(status.st_mode)) {
      // Something else may be there by now: that must not make this wait.
      descriptor_ = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
      if (descriptor() < 0 || ::fstat(descriptor(), &status) != 0) throw cannot_open(errno);
      bytes_ = static_cast<std::uint64_t>(status.st_size);
      rereadable_ = true;
      return;
    }
    opened = open_input(path, stop);
    source = opened.get();
  }
  descriptor_ = memory_file();
  bytes_ = copy(*source, descriptor(), most_copied);
}

void read_whole(int descriptor, std::uint64_t bytes, std::vector<std::byte>& content) {
  content.resize(static_cast<std::size_t>(bytes));
  std::size_t have = 0;
  std::byte one_more{};
  for (;;) {
    const bool full = have == content.size();
    void* const to = full ? &one_more : content.data() + have;
    const auto count =
        ::pread(descriptor, to, full ? 1 : content.size() - have, static_cast<off_t>(have));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw cannot_read(errno);
    if (full != (count == 0)) throw changed();
    if (full) return;
    have += static_cast<std::size_t>(count);
  }
}

}  // namespace nodeops::image
