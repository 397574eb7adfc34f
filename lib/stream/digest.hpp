// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/io.hpp"

namespace nodeops {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view bytes);

  /// The digest of what has come so far, 64 lower-case hexadecimal digits. Ends it.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// SHA-256 of one message.
std::array<std::byte, 32> sha256(std::string_view message);

/// HMAC-SHA-256 (RFC 2104) of many short messages under one key. For one thread at a time.
class HmacSha256 {
 public:
  static constexpr std::size_t size = 32;

  explicit HmacSha256(std::string_view key);
  ~HmacSha256();
  HmacSha256(HmacSha256&&) noexcept;
  HmacSha256& operator=(HmacSha256&&) noexcept;

  /// The authentication code of one message.
  std::array<unsigned char, size> of(std::string_view message);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// Hashes what is read through it.
class DigestSource : public ByteSource {
 public:
  DigestSource(std::unique_ptr<ByteSource> source, Sha256& digest)
      : source_(std::move(source)), digest_(digest) {}
  std::size_t read(std::span<char> into) override {
    const auto count = source_->read(into);
    digest_.update({into.data(), count});
    return count;
  }
  bool ready(std::chrono::milliseconds patience) override { return source_->ready(patience); }

 private:
  std::unique_ptr<ByteSource> source_;
  Sha256& digest_;
};

/// Hashes what is written through it, after it has been written.
class DigestSink : public ByteSink {
 public:
  DigestSink(ByteSink& to, Sha256& digest) : to_(to), digest_(digest) {}
  void write(std::span<const std::string_view> pieces) override {
    to_.write(pieces);
    for (const auto piece : pieces) digest_.update(piece);
  }

 private:
  ByteSink& to_;
  Sha256& digest_;
};

}  // namespace nodeops
