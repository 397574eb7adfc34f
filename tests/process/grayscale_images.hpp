// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "process/run_nodeops.hpp"

namespace nodeops::test {

/// A start of the real `nodeops grayscale` with these arguments, in that directory.
inline Launch grayscale(const TemporaryDirectory& place,
                        const std::vector<std::string>& arguments) {
  Launch launch = {
      .program = NODEOPS_BINARY, .arguments = {"grayscale"}, .directory = place.path().string()};
  launch.arguments.insert(launch.arguments.end(), arguments.begin(), arguments.end());
  return launch;
}

constexpr int image_width = 320;
constexpr int image_height = 200;

/// The n-th picture: of one colour, white, in which the gray is 255 by any weights.
inline std::string color_image(int n) {
  const int width = image_width + n;
  return "P6\n" + std::to_string(width) + " " + std::to_string(image_height) + "\n255\n" +
         std::string(static_cast<std::size_t>(3 * width * image_height), '\xff');
}

inline std::string gray_image(int n) {
  const int width = image_width + n;
  return "P5\n" + std::to_string(width) + " " + std::to_string(image_height) + "\n255\n" +
         std::string(static_cast<std::size_t>(width * image_height), '\xff');
}

/// Both the input, in the directory `in`, and the output have it.
inline std::string image_name(int n) {
  return "image" + std::string(n < 10 ? "0" : "") + std::to_string(n) + ".pgm";
}

/// Writes the first pictures into `in`; content, not suffix, says what they are.
inline void write_images(const TemporaryDirectory& place, int count) {
  std::filesystem::create_directory(place / "in");
  for (int n = 0; n < count; ++n) place.write("in/" + image_name(n), color_image(n));
}

}  // namespace nodeops::test
