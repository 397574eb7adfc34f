// SPDX-License-Identifier: MIT
#include "task/run_lock.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "task/locked_file.hpp"

namespace nodeops {
namespace {

constexpr std::size_t longest_process_id = 20;

bool is_process_id(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// What the file holds, without the final newline; empty when that is more than a process id, or
/// the file is of a kind that may not be read without harm.
std::optional<std::string> content(int descriptor) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  std::array<char, longest_process_id + 2> buffer{};
  const auto length = ::pread(descriptor, buffer.data(), buffer.size(), 0);
  if (length < 0) return std::nullopt;
  std::string text(buffer.data(), static_cast<std::size_t>(length));
  if (text.ends_with('\n')) text.pop_back();
  if (text.size() > longest_process_id) return std::nullopt;
  return text;
}

/// Replaces a process id, or nothing, by `text`: --lock data.csv must not cost anybody the data.
/// The lock is the kernel's; a disk too full for the id is no reason to fail.
void note(int descriptor, const std::string& text) {
  const auto before = content(descriptor);
  if (!before || !(before->empty() || is_process_id(*before))) return;
  if (::ftruncate(descriptor, 0) != 0) return;
  static_cast<void>(::pwrite(descriptor, text.data(), text.size(), 0) == 0);
}

AppError held_by_another(int descriptor, const std::filesystem::path& file) {
  const auto holder = content(descriptor);
  const bool known = holder && is_process_id(*holder);
  return {ErrorKind::try_later,
          file.string() + ": another run holds the lock" + (known ? ": process " + *holder : ""),
          "try again when it has ended"};
}

Descriptor lock(const std::filesystem::path& file) {
  LockedFile locked = open_locked(file.string(), 0, 0644, "cannot open the lock");
  if (!locked.held) throw held_by_another(locked.descriptor.number(), file);
  return std::move(locked.descriptor);
}

}  // namespace

RunLock::RunLock(std::filesystem::path file) : file_(std::move(file)), descriptor_(lock(file_)) {
  note(descriptor_.number(), std::to_string(::getpid()) + "\n");
}

RunLock::~RunLock() {
  // The next run, held up before it wrote its own id, should not be taken for this one.
  note(descriptor_.number(), "");
}

}  // namespace nodeops
