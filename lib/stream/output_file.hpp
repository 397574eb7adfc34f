// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
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
  /// `kept`: the temporary has the name partial_name() and may be left behind, for a later run to
  /// go on with; one run at a time has it.
  enum class Temporary { unnamed_if_possible, named, kept };

  /// Throws AppError cannot_create: no such directory, not writable, is a directory; try_later when
  /// another run has the kept temporary. `stop` ends the wait for a FIFO's reader, here (AppError
  /// interrupted) and in write().
  explicit OutputFile(const std::string& path, const std::stop_token& stop = {},
                      Temporary temporary = Temporary::unnamed_if_possible);

  /// Throws what making such a file would throw, and makes none. A FIFO is not waited for.
  static void check(const std::string& path);

  /// Whether a file that is there would be replaced. Pipes, devices and what is open already are
  /// written to; a link that leads nowhere is in the way.
  static bool would_replace(const std::string& path);

  /// Without finish() nothing has happened to the target.
  ~OutputFile() override;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Throws AppError io_failed.
  void write(std::span<const std::string_view> pieces) override;
  using ByteSink::write;

  /// Sets an extended attribute, such as "user.name"; nothing happens where there are none.
  void set_attribute(const char* name, std::string_view value) const;

  /// False: written in place, to a FIFO, a device or what is open already.
  bool is_replaced() const { return !special_; }

  /// What is written of a target in a kept temporary: ".NAME.nodeops-partial" beside it.
  static std::string partial_name(const std::string& path);

  // Of a kept temporary. It is found as an earlier run has left it; what stands in it is written
  // over from its start unless go_on_behind() says otherwise.

  /// Bytes in it.
  std::uint64_t size() const;

  /// Bytes that have been written, with those of an earlier run that it goes on behind.
  std::uint64_t written() const { return flushed_ + unflushed_; }

  /// Up to `size` bytes from `offset`; fewer at the end. Any thread.
  std::string read_back(std::uint64_t offset, std::size_t size) const;

  /// Cuts it behind its first `size` bytes; what is written next comes there.
  void go_on_behind(std::uint64_t size);

  /// Gives up what is in it.
  void start_anew();

  /// Flushes to disk what has been written so far. Any thread. Throws AppError io_failed.
  void flush() const;

  /// Makes its name last through a power cut.
  void flush_name() const;

  /// From now on it stays when the run ends without finish().
  void keep() { keep_ = true; }

  /// Puts the file into its place, durably. Throws AppError io_failed; the old file is then still
  /// there.
  void finish();

  /// The name to remove when the process is ended without destructors; empty when there is none.
  const std::string& temporary_path() const { return temporary_path_; }

 private:
  void open_special(const std::stop_token& stop);
  void open_unnamed();
  void open_named();
  void open_kept();
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
  bool keep_ = false;
  std::size_t unflushed_ = 0;  ///< bytes whose way to the disk has not been started
  std::uint64_t flushed_ = 0;
  std::unique_ptr<DescriptorSink> sink_;
};

}  // namespace nodeops
