// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nodeops::mask {

// What mask_text() is made of; not for use outside of the mask. Each pass replaces one family of
// shapes in the text, in time proportional to its length, and leaves alone what a pass has masked.

void secrets(std::string& text);  ///< keys with known prefixes, JWTs, "Bearer …", PEM private keys
void url_users(std::string& text);  ///< scheme://user:password@
void pairs(std::string& text);      ///< key=value, key: value, "key":"value", --key value
void emails(std::string& text);
void accounts(std::string& text);   ///< IBANs
void numbers(std::string& text);    ///< card and phone numbers
void addresses(std::string& text);  ///< IPv4, IPv6

// The mask of one whole value; empty when the value does not have the shape.

std::string email(std::string_view value);  ///< anything with one @ inside
std::string phone(std::string_view value);  ///< 7 to 15 digits and the usual separators
std::string card(
    std::string_view value);  ///< 13 to 19 digits and separators, right prefix and checksum
std::string account(std::string_view value);  ///< IBAN
std::string address(std::string_view value);  ///< IPv4, IPv6; also loopback

/// "****", and the last 4 characters of a value of 16 or more.
std::string secret(std::string_view value);
/// The secret behind an Authorization header: keeps the scheme.
std::string authorization(std::string_view value);
/// The first letter of each of the first four words with three stars each.
std::string words(std::string_view value);
/// As many digits as it takes: first 6 and last 4 of 13 to 19 digits, whatever the checksum; else
/// "****".
std::string card_digits(std::string_view value);

/// Builds the text that a pass makes, and only if there is something to replace.
class Rewrite {
 public:
  explicit Rewrite(std::string& text) : text_(text) {}

  /// Puts `with` in the place of [begin, end). Calls come in rising order and do not overlap.
  void replace(std::size_t begin, std::size_t end, std::string_view with) {
    made_.append(text_, copied_, begin - copied_);
    made_ += with;
    copied_ = end;
  }

  /// Where the last replaced part ended.
  std::size_t copied() const { return copied_; }

  void finish() {
    if (copied_ == 0) return;
    made_.append(text_, copied_);
    text_.swap(made_);
  }

 private:
  std::string& text_;
  std::string made_;
  std::size_t copied_ = 0;
};

}  // namespace nodeops::mask
