// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nodeops::webhook {

/// How many decimals a currency's minor unit is: 2 for "usd", 0 for "jpy". Empty for what is no
/// code of ISO 4217 in lower case.
std::optional<unsigned> minor_units(std::string_view code);

/// An amount as people write it: "796.49 USD", "712 JPY".
std::string amount_text(std::int64_t amount, std::string_view code);

}  // namespace nodeops::webhook
