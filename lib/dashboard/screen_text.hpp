// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "dashboard/outcome.hpp"

namespace nodeops::dashboard {

/// A text for a column of a screen: printable, cut to so many columns of a terminal or filled up
/// with spaces to them; what was longer ends in an ellipsis.
std::string in_column(std::string_view text, std::size_t width);

/// The text in the colour of a status, if colours are wanted.
std::string colored(std::string_view text, SourceStatus status, bool color);
std::string colored(std::string_view text, DashboardStatus status, bool color);

}  // namespace nodeops::dashboard
