// SPDX-License-Identifier: MIT
#include "stream/checkpoint_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/error.hpp"
#include "stream/descriptor.hpp"
#include "stream/directory.hpp"
#include "task/locked_file.hpp"

namespace nodeops {
namespace {

constexpr mode_t own_mode = 0600;  // the options name files and conditions

constexpr std::string_view note_start = "boot ";

/// Where a note stands behind a text of that size: there is a NUL between them.
std::uint64_t note_place(std::uint64_t text_size) {
  constexpr std::uint64_t block = 4096;
  return (text_size / block + 1) * block;
}

}  // namespace

CheckpointFile::CheckpointFile(const std::string& path, KillPoint& kill_point, std::string boot)
    : path_(path), kill_point_(kill_point), boot_(std::move(boot)) {
  LockedFile file = open_locked(path_, O_NONBLOCK, own_mode, "cannot create");
  // Only now does what a symbolic link names exist.
  target_ = behind_links(path_);
  next_ = hidden_beside(target_, ".nodeops-new");
  descriptor_ = file.descriptor.release();
  try {
    if (!file.held)
      throw AppError(ErrorKind::try_later, path_ + ": another run has the checkpoint");
    DescriptorSource source(descriptor_, path_, {});
    constexpr std::uint64_t largest = 64 << 20;
    if (!source.size() || *source.size() > largest)
      throw AppError(ErrorKind::bad_data, path_ + ": is no checkpoint", "name another file");
    found_.resize(static_cast<std::size_t>(*source.size()));
    std::size_t got = 0;
    while (got < found_.size()) {
      const auto count = source.read({found_.data() + got, found_.size() - got});
      if (count == 0) break;
      got += count;
    }
    found_.resize(got);
    take_note();
  } catch (const AppError&) {
    close(descriptor_);
    throw;
  }
}

/// Parts what was found into the text and the note.
void CheckpointFile::take_note() {
  text_size_ = found_.size();
  const std::size_t text_size = found_.find('\0');
  if (text_size == 0 || text_size == std::string::npos) return;
  text_size_ = text_size;
  const auto place = static_cast<std::size_t>(note_place(text_size));
  const std::string start = std::string(note_start) + boot_ + "\n";
  if (!boot_.empty() && found_.size() > place && found_.compare(place, start.size(), start) == 0)
    found_note_ = found_.substr(place + start.size());
  found_.resize(text_size);
}

CheckpointFile::~CheckpointFile() {
  if (descriptor_ < 0) return;
  // Still locked: no other run has it open with the lock.
  if (text_size_ == 0) unlink(target_.c_str());
  close(descriptor_);
}

void CheckpointFile::fail(const char* what) const {
  throw system_failure(ErrorKind::io_failed, path_, what, errno);
}

void CheckpointFile::replace(std::string_view text, Lasting lasting) {
  const int next =
      open(next_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, own_mode);
  if (next < 0) fail("cannot write beside it");
  try {
    if (flock(next, LOCK_EX | LOCK_NB) != 0) fail("cannot lock");
    DescriptorSink(next, path_, {}).write(text);
    if (fsync(next) != 0) fail("cannot flush to disk");
    kill_point_.pass("before-rename");
    if (rename(next_.c_str(), target_.c_str()) != 0) fail("cannot put in place");
  } catch (const AppError&) {
    close(next);
    unlink(next_.c_str());
    throw;
  }
  {
    const std::lock_guard lock(mutex_);
    close(descriptor_);
    descriptor_ = next;
    text_size_ = text.size();
  }
  kill_point_.pass("after-rename");
  if (lasting == Lasting::the_new_one) sync_directory(directory_of(target_), path_);
}

void CheckpointFile::note(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (boot_.empty() || text_size_ == 0) return;
  kill_point_.pass("before-note");
  const std::string bytes = std::string(note_start).append(boot_).append("\n").append(text);
  const auto place = static_cast<off_t>(note_place(text_size_));
  // Cut off, it is known as such: whoever goes on takes the text then.
  if (pwrite(descriptor_, bytes.data(), bytes.size(), place) >= 0) kill_point_.pass("after-note");
}

void CheckpointFile::forget() {
  if (ftruncate(descriptor_, 0) != 0) fail("cannot empty");
  if (fsync(descriptor_) != 0) fail("cannot flush to disk");
  text_size_ = 0;
}

void CheckpointFile::remove() {
  unlink(next_.c_str());
  if (unlink(target_.c_str()) != 0 && errno != ENOENT) fail("cannot remove");
  sync_directory(directory_of(target_), path_);
  close(descriptor_);
  descriptor_ = -1;
}

}  // namespace nodeops
