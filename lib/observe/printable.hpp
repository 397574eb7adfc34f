// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <string_view>
namespace nodeops {
inline std::string printable(std::string_view t) {
  return std::string(t);
}
}  // namespace nodeops
