// SPDX-License-Identifier: MIT
#include "observe/mask.hpp"
namespace nodeops {
std::string mask_text(std::string_view text) {
  return std::string(text);
}
std::string mask_field(std::string_view, std::string_view value) {
  return std::string(value);
}
std::string mask_person(std::string_view) {
  return "***";
}
}  // namespace nodeops
