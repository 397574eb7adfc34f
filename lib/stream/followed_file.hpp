// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "core/io.hpp"
#include "stream/descriptor.hpp"

namespace nodeops {

/// A file that others follow while it is written, such as a stream of events: what is written is
/// there at once. An old one is emptied; FIFOs and devices are written as they are.
class FollowedFile : public ByteSink {
 public:
  /// Throws AppError cannot_create.
  FollowedFile(const std::string& path, const std::stop_token& stop);
  ~FollowedFile() override;
  FollowedFile(const FollowedFile&) = delete;
  FollowedFile& operator=(const FollowedFile&) = delete;

  /// Throws AppError io_failed, closed_pipe.
  void write(std::span<const std::string_view> pieces) override { sink_->write(pieces); }
  using ByteSink::write;

 private:
  int descriptor_;
  std::optional<DescriptorSink> sink_;
};

}  // namespace nodeops
