// SPDX-License-Identifier: MIT
#include "image/png_filter.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace nodeops::image;

namespace {

/// What PNG's reader does with a filtered row: PNG specification, section 9.2, byte by byte.
std::vector<std::uint8_t> unfiltered(std::size_t filter, const std::vector<std::uint8_t>& row,
                                     const std::uint8_t* above, std::size_t pixel_bytes) {
  std::vector<std::uint8_t> out(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) {
    const int left = i < pixel_bytes ? 0 : out[i - pixel_bytes];
    const int up = above[i];
    const int corner = i < pixel_bytes ? 0 : above[i - pixel_bytes];
    const int guess = left + up - corner;
    const int nearest = std::abs(guess - left) <= std::abs(guess - up) &&
                                std::abs(guess - left) <= std::abs(guess - corner)
                            ? left
                        : std::abs(guess - up) <= std::abs(guess - corner) ? up
                                                                           : corner;
    const int guesses[] = {0, left, up, (left + up) / 2, nearest};
    out[i] = static_cast<std::uint8_t>(row[i] + guesses[filter]);
  }
  return out;
}

}  // namespace

TEST_CASE("every filter kernel gives what the portable one gives, and a reader undoes it") {
  const auto kernels = filter_kernels();
  const FilterKernel& portable = kernels.back();
  std::mt19937 random(1);
  for (std::size_t size = 1; size < 140; ++size) {
    for (const std::size_t pixel_bytes : {1, 2, 4}) {
      std::vector<std::uint8_t> here(16 + size);
      std::vector<std::uint8_t> above(16 + size);
      for (std::size_t i = 16; i < here.size(); ++i) {
        here[i] = static_cast<std::uint8_t>(random() & (size % 3 == 0 ? 0xffU : 7U));
        above[i] = static_cast<std::uint8_t>(random() & (size % 3 == 0 ? 0xffU : 7U));
      }
      const FilterRow row{here.data() + 16, above.data() + 16, size, pixel_bytes};
      for (const FilterKernel& kernel : kernels) {
        CHECK(kernel.costs(row) == portable.costs(row));
        for (std::size_t filter = 0; filter < filter_count; ++filter) {
          std::vector<std::uint8_t> out(size);
          kernel.apply(filter, row, out.data());
          const auto back = unfiltered(filter, out, row.above, pixel_bytes);
          CHECK_MESSAGE(std::equal(back.begin(), back.end(), row.bytes),
                        kernel.name << ", filter " << filter << ", " << size << " bytes");
        }
      }
    }
  }
}
