// SPDX-License-Identifier: MIT
// Luma copied from scan to scan is what libjpeg finds in the file, whatever the file.
#include <string>

#include "../tests/image/jpeg_samples.hpp"
#include "core/error.hpp"
#include "fuzz_input.hpp"
#include "image/jpeg_luma.hpp"

using namespace nodeops;
using nodeops::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string file(reinterpret_cast<const char*>(data), size);
  const auto layout = image::jpeg_layout(file);
  // What is large takes the fuzzer's time and shows nothing else.
  if (!layout || std::uint64_t{layout->width} * layout->height > 1'000'000) return 0;
  if (const auto copied = image::copy_luma_scan(file, *layout, {}, {})) {
    const auto expected = test::luma_coefficients(file);
    require(expected.has_value(), "what is copied is whole");
    require(test::luma_coefficients(*copied) == expected, "the copied luma is the file's");
  }
  try {
    image::carry_luma(std::as_bytes(std::span(file)), {}, {});
  } catch (const AppError&) {
    return 0;  // damaged, and said so
  }
  return 0;
}
