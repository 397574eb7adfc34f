// SPDX-License-Identifier: MIT
#include "image/deflate.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace nodeops::image;

namespace {

std::string packed(int effort, const std::string& bytes) {
  std::string all;
  Deflate deflate(effort, bytes.size(), [&](std::string_view piece) { all += piece; });
  deflate.write(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  deflate.finish();
  return all;
}

/// What comes out of a stream that is in pieces of that size, read in steps; "damaged" if it is.
std::string unpacked(const std::string& stream, std::size_t piece, std::size_t step) {
  std::vector<std::string_view> pieces;
  for (std::size_t at = 0; at < stream.size(); at += piece)
    pieces.push_back(std::string_view(stream).substr(at, piece));
  Inflate inflate(pieces);
  std::string all;
  std::vector<std::uint8_t> some(step);
  for (;;) {
    const auto size = inflate.read(some.data(), some.size());
    if (!size) return "damaged";
    all.append(reinterpret_cast<const char*>(some.data()), *size);
    if (*size < step) return all;
  }
}

/// Noise, and behind it the same byte again and again, of which a few packed bytes hold thousands.
std::string noise_and_rest(std::size_t noise, std::size_t rest) {
  std::mt19937 random(7);
  std::string bytes;
  while (bytes.size() < noise) bytes += static_cast<char>(random() & 0xff);
  return bytes + std::string(rest, 'r');
}

}  // namespace

TEST_CASE("all of a stream is unpacked, also what stands behind its last byte") {
  for (const int effort : {0, 1, 3, 6, 7, 9}) {
    for (const std::size_t rest : {0, 1, 258, 5000, 65535, 65536, 100'000}) {
      const std::string bytes = noise_and_rest(1000, rest);
      const std::string stream = packed(effort, bytes);
      for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, stream.size()}) {
        for (const std::size_t step : {std::size_t{100}, std::size_t{65535}}) {
          CAPTURE(effort);
          CAPTURE(rest);
          CAPTURE(piece);
          CAPTURE(step);
          REQUIRE(unpacked(stream, piece, step) == bytes);
        }
      }
    }
  }
}

TEST_CASE("of a stream that is cut off comes what stands before the cut") {
  const std::string bytes = noise_and_rest(300, 3000);
  const std::string stream = packed(6, bytes);
  for (std::size_t size = 0; size + 5 < stream.size(); ++size) {
    CAPTURE(size);
    const std::string some = unpacked(stream.substr(0, size), 16, 65535);
    REQUIRE(bytes.starts_with(some));
  }
  std::string other = stream;
  other[0] = 'x' ^ 1;
  CHECK(unpacked(other, other.size(), 65535) == "damaged");
}
