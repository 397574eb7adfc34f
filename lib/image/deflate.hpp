// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nodeops::image {

/// Packs a stream of bytes of known length into a zlib stream. Efforts 1 to 6 are ISA-L, which
/// streams; 0 (stored) and 7 to 9 libdeflate, which holds all bytes.
class Deflate {
 public:
  /// Gets the packed bytes, piece by piece.
  using Sink = std::function<void(std::string_view)>;

  Deflate(int effort, std::size_t size, Sink sink);
  Deflate(const Deflate&) = delete;
  Deflate& operator=(const Deflate&) = delete;
  ~Deflate();

  void write(const std::uint8_t* bytes, std::size_t size);
  void finish();

  /// What packing so many bytes takes besides what it gives.
  static std::uint64_t working_bytes(int effort, std::uint64_t size);

 private:
  struct Stream;
  struct Whole;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<Whole> whole_;
  Sink sink_;
};

/// Unpacks a zlib stream that is in memory in pieces.
class Inflate {
 public:
  /// `pieces` must outlive this.
  explicit Inflate(const std::vector<std::string_view>& pieces);
  Inflate(const Inflate&) = delete;
  Inflate& operator=(const Inflate&) = delete;
  ~Inflate();

  /// Fills `to`; fewer bytes where the stream ends or is cut. Empty where it is damaged.
  std::optional<std::size_t> read(std::uint8_t* to, std::size_t size) noexcept;

 private:
  struct State;
  const std::vector<std::string_view>& pieces_;
  std::size_t next_ = 0;
  std::unique_ptr<State> state_;
};

/// The zlib stream of a short text.
std::string deflated(std::string_view text);

/// What was packed into a zlib stream; empty when it is damaged or more than `most` bytes.
std::optional<std::string> inflated(std::string_view packed, std::size_t most);

/// The checksum of a PNG's chunks; of two pieces, the second starts with the first's.
std::uint32_t crc32(std::string_view bytes, std::uint32_t start = 0);

}  // namespace nodeops::image
