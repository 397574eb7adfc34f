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
    Command{.name = "webhook-replay",
            .operand = "INPUT",
            .summary = "applies payment webhooks to a ledger, each exactly once",
            .description = "Feeds payment webhooks through one error pipeline into a ledger.",
            .add_flags = add_webhook_replay_flags},
};

}  // namespace

std::span<const Command> commands() {
  return all_commands;
}

}  // namespace nodeops
