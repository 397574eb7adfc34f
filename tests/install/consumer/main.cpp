// SPDX-License-Identifier: MIT
#include <iostream>
#include <nodeops/csv/steps.hpp>
#include <nodeops/csv/transform_text.hpp>

int main() {
  nodeops::csv::TransformOptions options;
  options.steps.push_back(nodeops::csv::make_step("--capitalize", "name", ""));
  std::cout << nodeops::csv::transform_text(options, "name\njean-luc o'NEIL\n").output;
}
