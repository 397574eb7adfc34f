// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace nodeops::csv {

/// The title case of any text by the rules of capitalize(), written to `out`, where there must be
/// room for case_growth times the text. Gives the end of what was written.
char* write_title_case(std::string_view text, char* out);

}  // namespace nodeops::csv
