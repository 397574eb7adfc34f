// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace nodeops {

/// All of a file that is read as a whole: keys, settings, small tables. A FIFO is read to its end.
/// Throws AppError: no_input when it cannot be opened or is a directory, with `what` ("the key
/// file") in the message; bad_data beyond 64 MiB; io_failed.
std::string read_small_file(const std::string& path, std::string_view what);

}  // namespace nodeops
