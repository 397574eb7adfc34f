// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace nodeops::image {

/// The eight bytes there as one number, the first on top.
inline std::uint64_t big_endian_at(const unsigned char* bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return std::endian::native == std::endian::little ? __builtin_bswap64(value) : value;
}

/// A scan's bits, without the zeros that stand behind every byte of ones, some at a time. Behind
/// the last bit of a segment, which a marker ends, zeros are read.
class ScanBits {
 public:
  /// `codes` begins with the first code and goes on to the end of the file.
  explicit ScanBits(std::string_view codes) : left_(codes) {}

  /// Forgets what is behind and brings in what is ahead of a row. Positions before are void.
  void start_row();

  /// Has at least `most_unit` bytes ready, or all that there are.
  void prepare() {
    if (end_ - (at_ >> 3) < most_unit && marker_ == 0) bring();
  }

  /// The bits from here on, at least so many of them.
  static constexpr unsigned peeked = 57;
  std::uint64_t peek() const { return peek(at_); }
  std::uint64_t peek(std::uint64_t at) const {
    return big_endian_at(bytes_.data() + (at >> 3)) << (at & 7);
  }
  void skip(unsigned bits) { at_ += bits; }
  std::uint64_t position() const { return at_; }
  bool beyond() const { return at_ > std::uint64_t{end_} * 8; }

  /// Ends a segment: nothing but the rest of a byte may be left before this marker.
  bool ends_with(unsigned marker);

  /// Goes on behind the marker.
  void next_segment() { marker_ = 0; }

 private:
  /// Six blocks of 64 coefficients, each with its longest code and its bits.
  static constexpr std::size_t most_unit = 2048;
  static constexpr std::size_t at_once = 65536;

  void bring();

  std::string_view left_;
  std::vector<unsigned char> bytes_ = std::vector<unsigned char>(most_unit);
  std::size_t end_ = 0;   // of the bytes that are known; zeros follow
  std::uint64_t at_ = 0;  // in bits
  unsigned marker_ = 0;   // that ends the segment; 0: not seen yet; 1: the file ends
};

/// Writes bits, with a zero behind every byte of ones.
class ScanWriter {
 public:
  explicit ScanWriter(std::string& out) : out_(out) {}

  /// Up to 32 bits, the lowest of `bits`; above them must be nothing.
  void put(std::uint64_t bits, unsigned count) {
    held_ = held_ << count | bits;
    count_ += count;
    if (count_ >= 32) {
      count_ -= 32;
      four(static_cast<std::uint32_t>(held_ >> count_));
    }
  }

  /// Copies bits of the source from `at` to `end`.
  void copy(const ScanBits& from, std::uint64_t at, std::uint64_t end) {
    for (; end - at > 32; at += 32) put(from.peek(at) >> 32, 32);
    if (end != at) put(from.peek(at) >> (64 - (end - at)), static_cast<unsigned>(end - at));
  }

  /// Fills the last byte with ones.
  void finish();

 private:
  void four(std::uint32_t bytes) {
    if (used_ + 8 > buffer_.size()) flush();
    // A byte of ones makes a zero in the complement.
    const std::uint32_t zeros = ~bytes;
    if (((zeros - 0x01010101U) & ~zeros & 0x80808080U) == 0) {
      const std::uint32_t order =
          std::endian::native == std::endian::little ? __builtin_bswap32(bytes) : bytes;
      std::memcpy(buffer_.data() + used_, &order, 4);
      used_ += 4;
      return;
    }
    for (const int shift : {24, 16, 8, 0}) one(static_cast<unsigned char>(bytes >> shift & 0xff));
  }

  void one(unsigned char byte) {
    buffer_[used_++] = static_cast<char>(byte);
    if (byte == 0xff) buffer_[used_++] = 0;
  }

  void flush();

  std::string& out_;
  std::vector<char> buffer_ = std::vector<char>(65536);
  std::size_t used_ = 0;
  std::uint64_t held_ = 0;
  unsigned count_ = 0;
};

}  // namespace nodeops::image
