// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace nodeops {

/// Masking of personal data and secrets: for logs, reports, events and every other text that leaves
/// the run beside its data. All three take any bytes and time in proportion to the length.
///
/// What a mask leaves: `j***@example.com`, `+1******0101`, `424242******4242`, `DE****3000`,
/// `203.0.113.0/24`, `2001:db8:1::/48`, `sk_live_****` and the last 4, `J*** R***`, else `****`.

/// Masks what is personal or secret by its shape in free text: e-mail addresses, phone, card and
/// bank account numbers, IP addresses, tokens, passwords in URLs; and values behind a telling key
/// (`password=…`, `"name":"…"`). Names in plain prose have no shape and stay. So do ids, amounts,
/// dates, versions and paths. Loopback addresses are nobody's and stay.
std::string mask_text(std::string_view text);

/// Masks a value whole when its key says that it is personal or secret ("customer_name", "apiKey",
/// "postal-code"), else as mask_text() does.
std::string mask_field(std::string_view key, std::string_view value);

/// Masks a value known to be about a person, such as a cell of a column named in `--mask`: by its
/// shape when it has one, else each of the first four words to its first letter. Stars do not tell
/// the length (but of phone and card numbers). Never the value itself, unless it is empty.
std::string mask_person(std::string_view value);

}  // namespace nodeops
