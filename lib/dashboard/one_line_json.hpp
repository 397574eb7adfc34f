// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nodeops::dashboard {

/// The same JSON text without white space between its tokens, so that it fits on one line; its
/// numbers and strings stay as they were written. A byte-order mark in front goes. Empty when it is
/// not one JSON text (RFC 8259), or nested more than 512 deep.
std::optional<std::string> one_line_json(std::string_view text);

/// A JSON text on many lines, two spaces for each level; empty objects and arrays stay closed.
/// `text` must be one line of JSON.
std::string indented_json(std::string_view text);

}  // namespace nodeops::dashboard
