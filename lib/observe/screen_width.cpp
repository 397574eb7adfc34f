// SPDX-License-Identifier: MIT
#include "observe/screen_width.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace nodeops {

unsigned columns_of(char32_t code_point) {
  const int width = utf8proc_charwidth(static_cast<utf8proc_int32_t>(code_point));
  return static_cast<unsigned>(std::clamp(width, 0, 2));
}

}  // namespace nodeops
