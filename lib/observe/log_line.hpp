// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "observe/log.hpp"

namespace nodeops::log {

// How a line of the log is put together; for log.cpp alone.

/// "nodeops csv-transform: warning: "; errors have no word of their own.
std::string line_prefix(std::string_view command, Level level, bool color);

/// A message masked by shape and made printable.
std::string safe_message(std::string_view message);
/// The same for what quotes the user's own options.
std::string safe_usage(std::string_view message);

/// "message key=value key2=\"two words\"". The message is safe already; the fields are made so
/// here.
std::string text_line(std::string_view safe, Fields fields);

/// The line as a JSON object.
std::string json_line(std::string_view time, Level level, std::string_view command,
                      std::string_view safe, Fields fields);

}  // namespace nodeops::log
