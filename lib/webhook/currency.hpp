// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace nodeops::webhook {

/// True for a currency of ISO 4217 in lower case, as payment providers write them.
bool is_currency(std::string_view code);

}  // namespace nodeops::webhook
