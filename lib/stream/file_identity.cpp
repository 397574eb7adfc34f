// SPDX-License-Identifier: MIT
#include "stream/file_identity.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "core/error.hpp"
#include "stream/digest.hpp"
#include "stream/open_input.hpp"

namespace nodeops {
namespace {

/// The digest of what the source gives next, at most `bytes.size()` bytes.
std::string digest_of_next(ByteSource& source, std::vector<char>& bytes) {
  Sha256 digest;
  std::size_t left = bytes.size();
  while (left > 0) {
    const auto count = source.read({bytes.data(), left});
    if (count == 0) break;
    digest.update({bytes.data(), count});
    left -= count;
  }
  return digest.hex();
}

}  // namespace

std::optional<FileIdentity> identify(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0)
    throw system_failure(ErrorKind::no_input, path, "cannot open", errno);
  // A FIFO is not opened: nobody may be at its other end.
  if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return std::nullopt;
  const auto source = open_input(path, {});
  if (!source->size()) return std::nullopt;
  constexpr std::uint64_t block = 64 << 10;
  constexpr std::int64_t second = 1'000'000'000;
  std::vector<char> bytes(block);
  FileIdentity identity{.size = *source->size(),
                        .modified_ns = status.st_mtim.tv_sec * second + status.st_mtim.tv_nsec,
                        .first = digest_of_next(*source, bytes),
                        .last = {}};
  source->seek(identity.size - std::min(identity.size, block));
  identity.last = digest_of_next(*source, bytes);
  return identity;
}

std::string change(const FileIdentity& was, const FileIdentity& is) {
  if (was.size != is.size) {
    return "its size was " + std::to_string(was.size) + " bytes, is " + std::to_string(is.size);
  }
  if (was.first != is.first) return "its first 64 KiB are other ones";
  if (was.last != is.last) return "its last 64 KiB are other ones";
  if (was.modified_ns != is.modified_ns) return "it has been written to";
  return {};
}

}  // namespace nodeops
