// SPDX-License-Identifier: MIT
#include "image/png_filter.hpp"

#include "image/png_filter_byte.hpp"
#include "image/png_filter_x86.hpp"

namespace nodeops::image {
namespace {

std::array<std::uint64_t, filter_count> costs_portable(const FilterRow& row) {
  std::array<std::uint64_t, filter_count> costs{};
  for (std::size_t i = 0; i < row.size; ++i) {
    costs[0] += distance(filtered_byte<0>(row, i));
    costs[1] += distance(filtered_byte<1>(row, i));
    costs[2] += distance(filtered_byte<2>(row, i));
    costs[3] += distance(filtered_byte<3>(row, i));
    costs[4] += distance(filtered_byte<4>(row, i));
  }
  return costs;
}

void apply_portable(std::size_t filter, const FilterRow& row, std::uint8_t* out) {
  with_filter(filter, [&]<std::size_t number>() {
    for (std::size_t i = 0; i < row.size; ++i) out[i] = filtered_byte<number>(row, i);
  });
}

}  // namespace

std::vector<FilterKernel> filter_kernels() {
  std::vector<FilterKernel> kernels = x86_filter_kernels();
  kernels.push_back({.name = "portable", .costs = costs_portable, .apply = apply_portable});
  return kernels;
}

}  // namespace nodeops::image
