// SPDX-License-Identifier: MIT
// One processor's time for 24 megapixels: the bt601 kernel and memcpy of the same bytes, in turns;
// prints the median of both in milliseconds.
#include <algorithm>
#include <chrono>
#include <cstring>
#include <iostream>
#include <vector>

#include "image/luma.hpp"

namespace {

template <class Work>
double milliseconds(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

double median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

}  // namespace

int main() {
  constexpr std::size_t width = 6000;
  constexpr std::size_t height = 4000;
  std::vector<std::uint8_t> colours(3 * width * height);
  for (std::size_t i = 0; i < colours.size(); ++i) colours[i] = static_cast<std::uint8_t>(i * 7);
  std::vector<std::uint8_t> gray(width * height, 1);
  std::vector<std::uint8_t> copy(colours.size(), 1);
  const auto& kernel = nodeops::image::fastest_luma_kernel();
  std::vector<double> luma;
  std::vector<double> memcpy;
  for (int round = 0; round < 21; ++round) {
    luma.push_back(milliseconds([&] {
      for (std::size_t y = 0; y < height; ++y) {
        kernel.rgb8(colours.data() + 3 * width * y, gray.data() + width * y, width,
                    nodeops::image::bt601_weights);
      }
    }));
    memcpy.push_back(
        milliseconds([&] { std::memcpy(copy.data(), colours.data(), colours.size()); }));
  }
  std::cout << kernel.name << ' ' << median(luma) << ' ' << median(memcpy) << '\n';
}
