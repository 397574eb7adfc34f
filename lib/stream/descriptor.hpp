// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/io.hpp"
#include "stream/stop_event.hpp"

namespace nodeops {

/// An open file, pipe, terminal or socket as a source of bytes.
class DescriptorSource : public ByteSource {
 public:
  enum class Closing { ours, not_ours };

  /// `name` is for messages. A wait for a pipe's bytes ends when the stop is asked for.
  DescriptorSource(int descriptor, std::string name, const std::stop_token& stop,
                   Closing closing = Closing::not_ours);
  ~DescriptorSource() override;
  DescriptorSource(const DescriptorSource&) = delete;
  DescriptorSource& operator=(const DescriptorSource&) = delete;

  /// Throws AppError io_failed, and interrupted when a stop was asked for while it waited.
  std::size_t read(std::span<char> into) override;
  std::uint64_t skip(std::uint64_t size) override;
  bool ready(std::chrono::milliseconds patience) override;
  int waitable() const override { return size_ ? -1 : descriptor_; }

  /// The file's size in bytes; empty for what is no regular file.
  std::optional<std::uint64_t> size() const { return size_; }

  /// Goes to an offset of a regular file. Throws AppError io_failed.
  void seek(std::uint64_t offset);

 private:
  int descriptor_;
  std::string name_;
  StopEvent stop_;
  Closing closing_;
  std::optional<std::uint64_t> size_;
};

/// An open file, pipe, terminal or socket that takes bytes.
class DescriptorSink : public ByteSink {
 public:
  /// `name` is for messages. The descriptor stays the caller's.
  DescriptorSink(int descriptor, std::string name, const std::stop_token& stop);
  ~DescriptorSink() override;
  DescriptorSink(const DescriptorSink&) = delete;
  DescriptorSink& operator=(const DescriptorSink&) = delete;

  /// Writes all of it. Throws AppError: closed_pipe, io_failed, and interrupted when a pipe that
  /// nobody reads has held it up for 5 s behind a stop.
  void write(std::span<const std::string_view> pieces) override;
  using ByteSink::write;
  bool ready() override;
  int waitable() const override { return waits_ ? descriptor_ : -1; }

 private:
  void wait_until_writable();

  int descriptor_;
  std::string name_;
  StopEvent stop_;
  bool waits_ = false;  ///< a pipe, socket or terminal: its reader may be slow
  int unblocked_ = -1;  ///< the same pipe, opened a second time, where writes do not block
};

}  // namespace nodeops
