// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace nodeops {

/// The text as one line that cannot drive a terminal, forge another line or hide its order: control
/// characters become `\n`, `\t`, `\r`, `\x1b`; invisible and direction-changing code points
/// `\u202e`; bytes that are not UTF-8 `\xff`. Everything else stays, a backslash too.
std::string printable(std::string_view text);

/// True for a code point that is not seen or changes how its neighbours are seen: C1 controls, bidi
/// controls, line and paragraph separators, zero-width spaces, tags.
bool is_unseen(char32_t code_point);

/// "\u202e", "\U000e0001": how printable() writes such a code point.
std::string escaped(char32_t code_point);

}  // namespace nodeops
