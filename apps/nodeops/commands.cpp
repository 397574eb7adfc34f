// SPDX-License-Identifier: MIT
#include <array>

#include "flags.hpp"

namespace nodeops {
namespace {

constexpr std::array all_commands = {
    Command{.name = "dashboard",
            .operand = "USER_ID",
            .summary = "fetches sources in parallel, cuts off the late ones",
            .description =
                "Fetches the sources of each user's dashboard in parallel, cuts off what is\n"
                "late, and prints what is there.",
            .add_flags = add_dashboard_flags},
    Command{.name = "csv-transform",
            .operand = "INPUT",
            .summary = "streams and transforms CSV of any size",
            .description = "Streams CSV of any size through a fixed-size buffer and transforms it.",
            .add_flags = add_csv_transform_flags,
            .take = take_csv_transform_steps},
    Command{.name = "grayscale",
            .operand = "INPUT",
            .summary = "turns images gray, many at a time, whatever they are",
            .description =
                "Turns images gray on a pool of workers; one that is broken costs only itself.",
            .add_flags = add_grayscale_flags},
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
