// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "csv/cell_transform.hpp"

namespace nodeops::csv {

/// Hides the greater part of a personal value and leaves enough for a person to recognise it:
/// `john@example.com` -> `j***@example.com`, by the rules of mask_person(). Empty values stay
/// empty.
std::unique_ptr<CellTransform> mask();

/// Puts a pseudonym in the place of a value: HMAC-SHA-256 under `key`, all 64 lower-case
/// hexadecimal digits. Equal values become equal under equal keys, so that tables can still be
/// joined. The bytes of the value count, letter case and white space included. Empty values stay
/// empty, since a hash of nothing would look like a person.
std::unique_ptr<CellTransform> hash(std::string key);

}  // namespace nodeops::csv
