// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

namespace nodeops::csv {

/// How a country writes numbers.
struct NumberLocale {
  char decimal = '.';            ///< '.' or ','
  std::string_view groups = {};  ///< what may part groups: of "., '" each stands for itself; the
                                 ///< space and the apostrophe also for their typographic forms
  bool indian_groups = false;    ///< 12,34,567 beside 1,234,567
};

/// The locale of a name such as "de", "de_CH", "fr-FR", "en_US.UTF-8", or "C" (no groups). The
/// language counts where the country is not listed. Empty when the language is not known. After
/// Unicode's CLDR 42, with the plainer forms that people type.
std::optional<NumberLocale> number_locale(std::string_view name);

}  // namespace nodeops::csv
