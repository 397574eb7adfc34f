// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nodeops::webhook {

/// RFC 4648, section 4: with padding.
std::string base64(std::string_view bytes);

/// The bytes of a base64 text; empty for what is none, strictly: padding, no other characters, no
/// bits that are left over.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace nodeops::webhook
