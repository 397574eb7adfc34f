// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nodeops::test {

/// What one run of the program gave.
struct RunOutcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// Runs nodeops in this process, with `input` as its standard input.
RunOutcome run_nodeops(const std::vector<std::string>& arguments, std::string_view input = {},
                       const std::map<std::string, std::string>& environment = {});

}  // namespace nodeops::test
