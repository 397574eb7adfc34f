// SPDX-License-Identifier: MIT
#include "observe/mask_keys.hpp"

#include <iterator>

#include "observe/ascii.hpp"
#include "observe/mask.hpp"
#include "observe/mask_patterns.hpp"

namespace nodeops::mask {
namespace {

using ascii::at;
using ascii::is_alnum;
using ascii::is_digit;
using ascii::is_lower;
using ascii::is_upper;
using ascii::to_lower;

using Is = KeyClass;

/// How a key may end, as words with spaces between. The first row that fits counts.
struct Ending {
  std::string_view words;
  KeyClass what;
};

constexpr Ending endings[] = {
    // Harmless although a later row would take them.
    {"page token", Is::harmless},
    {"unexpected token", Is::harmless},
    {"mac address", Is::harmless},
    {"listen address", Is::harmless},
    {"bind address", Is::harmless},
    {"base address", Is::harmless},
    {"memory address", Is::harmless},
    // Secrets.
    {"secret", Is::secret},
    {"secret key", Is::secret},
    {"token", Is::secret},
    {"api key", Is::secret},
    {"apikey", Is::secret},
    {"access key", Is::secret},
    {"private key", Is::secret},
    {"secretkey", Is::secret},
    {"accesskey", Is::secret},
    {"privatekey", Is::secret},
    {"encryption key", Is::secret},
    {"signing key", Is::secret},
    {"hmac key", Is::secret},
    {"hash key", Is::secret},
    {"auth key", Is::secret},
    {"session id", Is::secret},
    {"sessionid", Is::secret},
    {"session key", Is::secret},
    {"credential", Is::secret},
    {"credentials", Is::secret},
    {"clientsecret", Is::secret},
    {"accesstoken", Is::secret},
    {"refreshtoken", Is::secret},
    {"authtoken", Is::secret},
    {"jwt", Is::secret},
    {"access key id", Is::secret},
    {"authorization", Is::authorization},
    {"cookie", Is::cookie},
    {"cookies", Is::cookie},
    {"password", Is::hidden},
    {"passwd", Is::hidden},
    {"passphrase", Is::hidden},
    {"pass phrase", Is::hidden},
    {"pwd", Is::hidden},
    {"passcode", Is::hidden},
    {"pin code", Is::hidden},
    {"otp", Is::hidden},
    {"totp", Is::hidden},
    {"user pass", Is::hidden},
    {"db pass", Is::hidden},
    {"dbpass", Is::hidden},
    // Cards and accounts.
    {"cvc", Is::hidden},
    {"cvv", Is::hidden},
    {"cvc2", Is::hidden},
    {"cvv2", Is::hidden},
    {"csc", Is::hidden},
    {"security code", Is::hidden},
    {"track data", Is::hidden},
    {"track1", Is::hidden},
    {"track2", Is::hidden},
    {"card number", Is::card},
    {"cardnumber", Is::card},
    {"creditcardnumber", Is::card},
    {"credit card", Is::card},
    {"creditcard", Is::card},
    {"card no", Is::card},
    {"cc number", Is::card},
    {"ccnumber", Is::card},
    {"iban", Is::account},
    {"account number", Is::account},
    {"accountnumber", Is::account},
    {"routing number", Is::account},
    {"sort code", Is::account},
    {"bank account", Is::account},
    // People.
    {"email", Is::email},
    {"e mail", Is::email},
    {"email address", Is::email},
    {"emailaddress", Is::email},
    {"mail address", Is::email},
    {"phone", Is::phone},
    {"phone number", Is::phone},
    {"phonenumber", Is::phone},
    {"telephone", Is::phone},
    {"mobile number", Is::phone},
    {"cellphone", Is::phone},
    {"msisdn", Is::phone},
    {"fax number", Is::phone},
    {"dob", Is::withheld},
    {"birth date", Is::withheld},
    {"birthdate", Is::withheld},
    {"birthday", Is::withheld},
    {"date of birth", Is::withheld},
    {"dateofbirth", Is::withheld},
    {"birth", Is::withheld},
    {"birth year", Is::withheld},
    {"birth place", Is::withheld},
    {"ssn", Is::withheld},
    {"social security number", Is::withheld},
    {"national id", Is::withheld},
    {"tax id", Is::withheld},
    {"passport", Is::withheld},
    {"passport number", Is::withheld},
    {"driver license", Is::withheld},
    {"license number", Is::withheld},
    // Postal addresses.
    {"address", Is::address},
    {"addr", Is::address},
    {"street", Is::withheld},
    {"street name", Is::withheld},
    {"street number", Is::withheld},
    {"house number", Is::withheld},
    {"line1", Is::withheld},
    {"line2", Is::withheld},
    {"line3", Is::withheld},
    {"address1", Is::withheld},
    {"address2", Is::withheld},
    {"address line", Is::withheld},
    {"address line 1", Is::withheld},
    {"address line 2", Is::withheld},
    {"city", Is::withheld},
    {"postal code", Is::withheld},
    {"postalcode", Is::withheld},
    {"postcode", Is::withheld},
    {"post code", Is::withheld},
    {"zip", Is::withheld},
    {"zip code", Is::withheld},
    {"zipcode", Is::withheld},
    {"suburb", Is::withheld},
};

/// Words that mean it only when they are the whole key: "second_pass" and "is_mobile" do not.
constexpr Ending whole_keys[] = {
    {"auth", Is::authorization}, {"pass", Is::hidden},   {"pin", Is::hidden},   {"pan", Is::card},
    {"mail", Is::email},         {"tel", Is::phone},     {"mobile", Is::phone}, {"fax", Is::phone},
    {"born", Is::withheld},      {"town", Is::withheld}, {"plz", Is::withheld},
};

/// Whose "…_name" is a person's. "file_name", "column_name", "event_name" are not.
constexpr std::string_view people[] = {
    "first",      "last",          "middle",    "full",    "family",      "given",     "sur",
    "maiden",     "legal",         "nick",      "display", "preferred",   "customer",  "client",
    "user",       "person",        "people",    "patient", "employee",    "owner",     "holder",
    "cardholder", "accountholder", "card",      "account", "contact",     "recipient", "sender",
    "receiver",   "payer",         "payee",     "buyer",   "beneficiary", "debtor",    "creditor",
    "billing",    "shipping",      "guest",     "member",  "student",     "author",    "signer",
    "passenger",  "traveler",      "emergency", "mother",  "father",      "spouse",    "login",
    "subscriber"};

constexpr std::string_view name_words[] = {
    "firstname",    "lastname",    "middlename", "fullname",       "surname",
    "forename",     "familyname",  "givenname",  "nickname",       "username",
    "customername", "displayname", "cardholder", "cardholdername", "maidenname"};

template <class List>
bool contains(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

/// The key in lower case with one space between its words; of a path the last part alone.
std::string normalized(std::string_view key) {
  constexpr std::size_t longest = 128;
  if (const auto slash = key.find_last_of("./[");
      slash != std::string_view::npos && slash + 1 < key.size()) {
    key.remove_prefix(slash + 1);
  }
  if (key.size() > longest) key.remove_prefix(key.size() - longest);
  std::string words;
  for (std::size_t place = 0; place < key.size(); ++place) {
    const char c = key[place];
    if (!is_alnum(c)) {
      if (!words.empty() && words.back() != ' ') words += ' ';
      continue;
    }
    const bool hump = is_upper(c) && place != 0 &&
                      (is_lower(key[place - 1]) || is_digit(key[place - 1]) ||
                       (is_upper(key[place - 1]) && is_lower(at(key, place + 1))));
    if (hump && !words.empty() && words.back() != ' ') words += ' ';
    words += to_lower(c);
  }
  while (!words.empty() && words.back() == ' ') words.pop_back();
  return words;
}

bool ends_with_words(std::string_view text, std::string_view words) {
  if (text.size() < words.size() || text.substr(text.size() - words.size()) != words) return false;
  return text.size() == words.size() || text[text.size() - words.size() - 1] == ' ';
}

bool is_persons_name(std::string_view words) {
  const std::size_t space = words.rfind(' ');
  const std::string_view last = words.substr(space == std::string_view::npos ? 0 : space + 1);
  if (contains(name_words, last)) return true;
  if (last != "name") return false;
  if (space == std::string_view::npos) return true;
  const std::string_view before_name = words.substr(0, space);
  return contains(people, before_name.substr(before_name.rfind(' ') + 1));
}

}  // namespace

KeyClass classify_key(std::string_view key) {
  const std::string words = normalized(key);
  for (const Ending& row : whole_keys) {
    if (words == row.words) return row.what;
  }
  for (const Ending& row : endings) {
    if (ends_with_words(words, row.words)) return row.what;
  }
  return is_persons_name(words) ? KeyClass::person : KeyClass::harmless;
}

bool is_secret(KeyClass what) {
  return what == KeyClass::secret || what == KeyClass::hidden || what == KeyClass::cookie ||
         what == KeyClass::authorization;
}

std::string as_class(KeyClass what, std::string_view value) {
  const auto shaped = [&](const std::string& made) { return made.empty() ? words(value) : made; };
  if (value.empty() || value == "null" || value == "true" || value == "false")
    return std::string(value);
  switch (what) {
    case KeyClass::harmless:
      break;
    case KeyClass::secret:
      return mask::secret(value);
    case KeyClass::hidden:
    case KeyClass::withheld:
      return "****";
    case KeyClass::authorization:
      return mask::authorization(value);
    case KeyClass::cookie:
      return "****";
    case KeyClass::card:
      return card_digits(value);
    case KeyClass::account: {
      const std::string iban = mask::account(value);
      return iban.empty() ? mask::secret(value) : iban;
    }
    case KeyClass::email:
      return shaped(mask::email(value));
    case KeyClass::phone: {
      const std::string digits = mask::phone(value);
      return digits.empty() ? "****" : digits;
    }
    case KeyClass::person:
      return words(value);
    case KeyClass::address: {
      // An address of a network, with or without a port, is masked by its shape.
      const std::string_view host = value.substr(value.front() == '[' ? 1 : 0);
      const bool network = is_digit(host.front()) &&
                           host.find_first_not_of("0123456789abcdef.:]/") == std::string_view::npos;
      return network || host.substr(0, 2) == "::" ? mask_text(value) : "****";
    }
  }
  return mask_text(value);
}

}  // namespace nodeops::mask
