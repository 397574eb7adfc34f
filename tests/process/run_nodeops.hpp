// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace nodeops::test {

/// A start of the real `nodeops csv-transform` with these arguments, in that directory.
inline Launch csv_transform(const TemporaryDirectory& place,
                            const std::vector<std::string>& arguments) {
  Launch launch = {.program = NODEOPS_BINARY,
                   .arguments = {"csv-transform"},
                   .directory = place.path().string()};
  launch.arguments.insert(launch.arguments.end(), arguments.begin(), arguments.end());
  return launch;
}

/// Runs it to its end on `input`.
inline ProcessOutcome run_csv_transform(const TemporaryDirectory& place,
                                        const std::vector<std::string>& arguments,
                                        std::string_view input = {}) {
  return run_process(csv_transform(place, arguments), input);
}

/// True for exactly one line that says who speaks: what every operational error looks like.
inline bool is_one_message(std::string_view err) {
  return err.rfind("nodeops csv-transform: ", 0) == 0 && err.find('\n') == err.size() - 1;
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// `count` records `N,name of N` behind a header `id,name`.
inline std::string numbered_records(std::size_t count) {
  std::string text = "id,name\n";
  for (std::size_t i = 0; i < count; ++i) {
    text += std::to_string(i) + ",name of " + std::to_string(i) + "\n";
  }
  return text;
}

}  // namespace nodeops::test
