// SPDX-License-Identifier: MIT
#include <array>

#include "flags.hpp"

namespace nodeops {
namespace {

constexpr std::array all_commands = {
    Command{.name = "csv-transform",
            .operand = "INPUT",
            .summary = "streams and transforms CSV of any size",
            .description = "Streams CSV of any size through a fixed-size buffer and transforms it.",
            .add_flags = add_csv_transform_flags,
            .take = take_csv_transform_steps},
};

}  // namespace

std::span<const Command> commands() {
  return all_commands;
}

}  // namespace nodeops
