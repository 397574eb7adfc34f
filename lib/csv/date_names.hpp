// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

namespace nodeops::csv {

/// English, as in the C locale; the short forms are the first three letters.
inline constexpr std::array<std::string_view, 12> month_names = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
inline constexpr std::array<std::string_view, 7> day_names = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

}  // namespace nodeops::csv
