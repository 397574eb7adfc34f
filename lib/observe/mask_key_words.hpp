// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "observe/mask_keys.hpp"

namespace nodeops::mask {

// The words of keys that are personal or secret; for mask_keys.cpp alone.

using Is = KeyClass;

/// How a key may end, as words with spaces between. The first row that fits counts.
struct Ending {
  std::string_view words;
  KeyClass what;
};

inline constexpr Ending endings[] = {
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
    {"password hash", Is::hidden},
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
    {"cell number", Is::phone},
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
    {"passport no", Is::withheld},
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
inline constexpr Ending whole_keys[] = {
    {"auth", Is::authorization}, {"pass", Is::hidden},   {"pin", Is::hidden},   {"pan", Is::card},
    {"mail", Is::email},         {"tel", Is::phone},     {"mobile", Is::phone}, {"fax", Is::phone},
    {"born", Is::withheld},      {"town", Is::withheld}, {"plz", Is::withheld},
};

/// Whose "…_name" is a person's. "file_name", "column_name", "event_name" are not.
inline constexpr std::string_view people[] = {
    "first",      "last",          "middle",    "full",    "family",      "given",     "sur",
    "maiden",     "legal",         "nick",      "display", "preferred",   "customer",  "client",
    "user",       "person",        "people",    "patient", "employee",    "owner",     "holder",
    "cardholder", "accountholder", "card",      "account", "contact",     "recipient", "sender",
    "receiver",   "payer",         "payee",     "buyer",   "beneficiary", "debtor",    "creditor",
    "billing",    "shipping",      "guest",     "member",  "student",     "author",    "signer",
    "passenger",  "traveler",      "emergency", "mother",  "father",      "spouse",    "login",
    "subscriber", "cust"};

inline constexpr std::string_view name_words[] = {
    "firstname",  "lastname",  "middlename", "fullname",   "surname",        "forename",
    "familyname", "givenname", "nickname",   "username",   "customername",   "displayname",
    "fname",      "lname",     "nameoncard", "cardholder", "cardholdername", "maidenname"};

/// Glued to what they are of, such as "PGPASSWORD" and "mysecret".
inline constexpr Ending glued_endings[] = {
    {"password", Is::hidden}, {"passwd", Is::hidden}, {"passphrase", Is::hidden},
    {"secret", Is::secret},   {"token", Is::secret},  {"apikey", Is::secret},
};

}  // namespace nodeops::mask
