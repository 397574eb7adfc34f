// SPDX-License-Identifier: MIT
#pragma once

namespace nodeops {

/// How many columns of a terminal a code point takes: none (it goes on what is before it), one, or
/// two (wide by Unicode's annex 11).
unsigned columns_of(char32_t code_point);

}  // namespace nodeops
