// SPDX-License-Identifier: MIT
#include "cli/run_nodeops.hpp"

#include "run.hpp"

namespace nodeops::test {

RunOutcome run_nodeops(const std::vector<std::string>& arguments, std::string_view input,
                       const std::map<std::string, std::string>& environment) {
  RunOutcome outcome;
  MemorySource in(input);
  MemorySink out;
  Io io{.in = &in, .out = &out, .err = [&](std::string_view words) { outcome.err += words; }};
  io.environment = environment;
  outcome.exit_code = run(arguments, io);
  outcome.out = out.text();
  return outcome;
}

}  // namespace nodeops::test
