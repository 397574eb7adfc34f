// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace nodeops::mask {

/// What a key's name says of its value.
enum class KeyClass {
  harmless,       ///< nothing: the value is looked at by its shape
  secret,         ///< token, API key: stars and the last 4 of a long one
  hidden,         ///< password, CVC, date of birth, postal address, national id: stars alone
  authorization,  ///< a scheme and a secret
  cookie,         ///< everything to the end of the line
  card,
  account,
  email,
  phone,
  person,   ///< somebody's name
  address,  ///< a postal address, if not one of a network
};

/// Says what a key means, written in any case and as snake_case, kebab-case, camelCase, with spaces
/// or with points (of a path the last part counts). "file_name", "card_brand", "password_file" and
/// the like are harmless.
KeyClass classify_key(std::string_view key);

/// The mask of a value behind a key of this class; the key must not be harmless. What is empty or
/// null, true, false stays.
std::string as_class(KeyClass what, std::string_view value);

}  // namespace nodeops::mask
