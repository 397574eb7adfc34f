// SPDX-License-Identifier: MIT
#include "pictures.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <sstream>
#include <stop_token>
#include <thread>

#include "core/error.hpp"
#include "core/result.hpp"
#include "image/deflate.hpp"

namespace nodeops::test {
namespace {

std::string number(std::uint32_t value) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

}  // namespace

image::Converted converted(std::string_view file, const image::ConvertOptions& options) {
  return image::convert(bytes_of(file), options, std::stop_token());
}

void stop_in_the_middle(std::string_view file, const image::ConvertOptions& options) {
  const std::string whole = converted(file, options).bytes;
  constexpr int rounds = 40;
  for (int round = 0; round < rounds; ++round) {
    std::stop_source stop;
    if (round == 0) stop.request_stop();
    std::latch begun(2);
    const std::jthread stopper([&] {
      begun.arrive_and_wait();
      // Some milliseconds at most, and no wait that a busy machine could make long.
      for (std::atomic<int> i = 0; i < 300 * round * round;) ++i;
      stop.request_stop();
    });
    begun.arrive_and_wait();
    auto outcome =
        settle([&] { return image::convert(bytes_of(file), options, stop.get_token()); });
    if (outcome)
      CHECK(outcome.value().bytes == whole);
    else
      CHECK_THROWS_WITH_AS(std::rethrow_exception(outcome.error()), "stopped", AppError);
    CHECK((round > 0 || !outcome));
  }
  CHECK(converted(file, options).bytes == whole);
}

std::string complaint(std::string_view file, const image::ConvertOptions& options) {
  std::string said;
  try {
    converted(file, options);
  } catch (const AppError& error) {
    said = error.what();
    CHECK(error.kind() ==
          (said.ends_with("--max-pixels") ? ErrorKind::over_limit : ErrorKind::bad_data));
  }
  try {
    image::inspect(bytes_of(file), options);
  } catch (const AppError& error) {
    CHECK(said == error.what());
  }
  return said;
}

Gray read_pgm(std::string_view file) {
  Gray gray;
  std::istringstream in{std::string(file)};
  std::string kind;
  in >> kind >> gray.width >> gray.height >> gray.largest;
  REQUIRE(kind == "P5");
  in.get();
  const std::size_t count = std::size_t{gray.width} * gray.height;
  for (std::size_t i = 0; i < count; ++i) {
    unsigned sample = static_cast<unsigned>(in.get());
    if (gray.largest > 255) sample = sample << 8 | static_cast<unsigned>(in.get());
    gray.samples.push_back(sample);
  }
  REQUIRE(in.good());
  return gray;
}

std::string png_chunk(std::string_view kind, std::string_view data) {
  const std::string body = std::string(kind) + std::string(data);
  return number(static_cast<std::uint32_t>(data.size())) + body + number(image::crc32(body));
}

std::string png(const PngParts& parts) {
  std::string header = number(parts.width) + number(parts.height);
  for (const unsigned value :
       {parts.depth, parts.colour_type, 0U, 0U, parts.interlaced ? 1U : 0U}) {
    header += static_cast<char>(value);
  }
  return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", header) + parts.before_data +
         png_chunk("IDAT", image::deflated(parts.rows)) + png_chunk("IEND", "");
}

std::string chunk_of(std::string_view png, std::string_view kind) {
  for (std::size_t at = 8; at + 12 <= png.size();) {
    std::size_t size = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
      size = size << 8 | static_cast<unsigned char>(png[i]);
    }
    if (png.substr(at + 4, 4) == kind) return std::string(png.substr(at + 8, size));
    at += size + 12;
  }
  return {};
}

}  // namespace nodeops::test
