// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>

#include "core/io.hpp"

namespace nodeops {

/// Counts the bytes that are read through it.
class CountingSource : public ByteSource {
 public:
  CountingSource(std::unique_ptr<ByteSource> source, std::atomic<std::uint64_t>& count)
      : source_(std::move(source)), count_(count) {}
  std::size_t read(std::span<char> into) override {
    const auto size = source_->read(into);
    count_ += size;
    return size;
  }
  std::uint64_t skip(std::uint64_t size) override {
    const auto passed = source_->skip(size);
    count_ += passed;
    return passed;
  }
  bool ready(std::chrono::milliseconds patience) override { return source_->ready(patience); }

 private:
  std::unique_ptr<ByteSource> source_;
  std::atomic<std::uint64_t>& count_;
};

/// Counts the bytes that have been written through it.
class CountingSink : public ByteSink {
 public:
  CountingSink(ByteSink& to, std::atomic<std::uint64_t>& count) : to_(to), count_(count) {}
  void write(std::span<const std::string_view> pieces) override {
    to_.write(pieces);
    std::uint64_t size = 0;
    for (const auto piece : pieces) size += piece.size();
    count_ += size;
  }

 private:
  ByteSink& to_;
  std::atomic<std::uint64_t>& count_;
};

/// The first `size` bytes of a source.
class LimitedSource : public ByteSource {
 public:
  LimitedSource(std::unique_ptr<ByteSource> source, std::uint64_t size)
      : source_(std::move(source)), left_(size) {}
  std::size_t read(std::span<char> into) override {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left_, into.size()));
    const auto size = most == 0 ? 0 : source_->read(into.subspan(0, most));
    left_ -= size;
    return size;
  }
  std::uint64_t skip(std::uint64_t size) override {
    const auto passed = source_->skip(std::min(size, left_));
    left_ -= passed;
    return passed;
  }
  bool ready(std::chrono::milliseconds patience) override {
    return left_ == 0 || source_->ready(patience);
  }

 private:
  std::unique_ptr<ByteSource> source_;
  std::uint64_t left_;
};

/// Writes nothing: what a dry run writes to.
class NullSink : public ByteSink {
 public:
  void write(std::span<const std::string_view> pieces) override { static_cast<void>(pieces); }
};

}  // namespace nodeops
