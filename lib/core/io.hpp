// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/deadline.hpp"

namespace nodeops {

/// Where bytes come from: a file, a pipe, memory, a decompressor around another source.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  /// Waits for and reads between 1 and into.size() bytes; 0 at the end of the input. Throws
  /// AppError io_failed, or interrupted when the run's stop token is triggered while it waits.
  virtual std::size_t read(std::span<char> into) = 0;

  /// Passes over the next `size` bytes, by reading them where there is no quicker way; gives how
  /// many there were, fewer only at the end of the input. Throws what read() throws.
  virtual std::uint64_t skip(std::uint64_t size);

  /// True when read() would return without waiting longer than `patience`. A live pipe that pauses
  /// says false, and what has arrived so far is passed on.
  virtual bool ready(std::chrono::milliseconds patience) {
    return static_cast<void>(patience), true;
  }

  /// The descriptor that an event loop can watch for what ready() tells; -1: it is always ready.
  virtual int waitable() const { return -1; }
};

/// Where bytes go.
class ByteSink {
 public:
  virtual ~ByteSink() = default;

  /// Writes all of it. Throws AppError: io_failed (disk full), closed_pipe.
  virtual void write(std::span<const std::string_view> pieces) = 0;
  void write(std::string_view piece) { write(std::span(&piece, 1)); }

  /// True when a write of up to 4096 bytes would not wait for a reader.
  virtual bool ready() { return true; }

  /// The descriptor that an event loop can watch for that; -1: it is always ready.
  virtual int waitable() const { return -1; }
};

/// All of the outside that a command sees. main.cpp fills it from the process; tests fill it with
/// memory and a clock of their own.
struct Io {
  ByteSource* in;  ///< standard input
  ByteSink* out;   ///< standard output: data only
  std::function<void(std::string_view)>
      err;                     ///< words for people: whole lines, or progress redraws
  std::stop_source stop = {};  ///< triggered: stop taking new work, end cleanly
  std::function<int()> stop_signal = [] { return 0; };  ///< the signal that triggered it, 0 if none
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  /// How many lines there are on the terminal that `out` is; 0: not known.
  std::function<unsigned()> out_rows = [] { return 0U; };
  std::map<std::string, std::string> environment = {};  ///< NODEOPS_*, NO_COLOR, TERM and the like
  std::function<Clock::time_point()> now = [] { return Clock::now(); };
};

/// Reads from memory; for tests and small inputs. The text must outlive it.
class MemorySource : public ByteSource {
 public:
  /// `piece` limits what one read() gives: to try what a slow pipe does.
  explicit MemorySource(std::string_view text, std::size_t piece = std::string_view::npos)
      : left_(text), piece_(piece) {}
  std::size_t read(std::span<char> into) override;

 private:
  std::string_view left_;
  std::size_t piece_;
};

/// Keeps what is written.
class MemorySink : public ByteSink {
 public:
  using ByteSink::write;
  void write(std::span<const std::string_view> pieces) override;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace nodeops
