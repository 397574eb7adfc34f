// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nodeops::csv {

/// What becomes of bytes that are not UTF-8: JSON (RFC 8259, section 8.1) cannot hold them.
enum class Replace {
  nothing,  ///< the text is refused
  invalid,  ///< each maximal invalid part becomes U+FFFD
};

/// Appends `value` as a JSON string with its quotes (RFC 8259, section 7). False, with a part of it
/// appended, when it is not valid UTF-8 and nothing may be replaced, or when its escapes make `to`
/// longer than `most` bytes.
bool append_json_string(std::string& to, std::string_view value, Replace replace,
                        std::size_t most = static_cast<std::size_t>(-1));

}  // namespace nodeops::csv
