// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/io.hpp"
#include "stream/descriptor.hpp"

namespace nodeops {

/// A file that appears whole or not at all.
///
///     written to an unnamed file of the target's directory (O_TMPFILE), which no kill -9 leaves
///     behind; finish() flushes it to disk, gives it its name (or, if that is taken, a temporary
///     one that it renames over the target) and flushes the directory. Where the file system knows
///     no unnamed files it has the temporary name from the start.
///
/// The target keeps its mode, and its owner where that is allowed; a new one gets 0666 without the
/// umask. A symbolic link stays and the file behind it is replaced; other hard links keep the old
/// content. FIFOs, devices and the like are written in place.
class OutputFile : public ByteSink {
 public:
  enum class Temporary { unnamed_if_possible, named };

  /// Throws AppError cannot_create: no such directory, not writable, is a directory. `stop` ends
  /// the wait for a FIFO's reader, here (AppError interrupted) and in write().
  explicit OutputFile(const std::string& path, const std::stop_token& stop = {},
                      Temporary temporary = Temporary::unnamed_if_possible);

  /// Throws what making such a file would throw, and makes none. A FIFO is not waited for.
  static void check(const std::string& path);

  /// Without finish() nothing has happened to the target.
  ~OutputFile() override;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Throws AppError io_failed.
  void write(std::span<const std::string_view> pieces) override;
  using ByteSink::write;

  /// Sets an extended attribute, such as "user.name"; nothing happens where there are none.
  void set_attribute(const char* name, std::string_view value) const;

  /// Puts the file into its place, durably. Throws AppError io_failed; the old file is then still
  /// there.
  void finish();

  /// The name to remove when the process is ended without destructors; empty when there is none.
  const std::string& temporary_path() const { return temporary_path_; }

 private:
  void open_special(const std::stop_token& stop);
  void open_unnamed();
  void open_named();
  void keep_mode();
  bool name_it(const std::string& name);
  void put_in_place();
  [[noreturn]] void fail(const char* what) const;

  std::string path_;       ///< as the user gave it
  std::string target_;     ///< the file behind symbolic links
  std::string directory_;  ///< where the target is
  std::string temporary_path_;
  int descriptor_ = -1;
  bool special_ = false;
  std::size_t unflushed_ = 0;  ///< bytes whose way to the disk has not been started
  std::size_t flushed_ = 0;
  std::unique_ptr<DescriptorSink> sink_;
};

}  // namespace nodeops
