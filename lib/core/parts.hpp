// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace nodeops {

/// Calls `take` with each part of a text between separators; an empty text is one empty part.
template <class Take>
void each_part(std::string_view text, char separator, Take take) {
  while (true) {
    const auto end = text.find(separator);
    take(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace nodeops
