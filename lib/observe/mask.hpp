// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <string_view>
namespace nodeops {
std::string mask_text(std::string_view text);
std::string mask_field(std::string_view key, std::string_view value);
std::string mask_person(std::string_view value);
}  // namespace nodeops
