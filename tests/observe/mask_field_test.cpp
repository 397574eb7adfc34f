// SPDX-License-Identifier: MIT
#include "observe/mask.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace nodeops;

namespace {

struct Row {
  std::string text;
  std::string masked;
};

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t count = 0; count < times; ++count) text += part;
  return text;
}

}  // namespace

TEST_CASE("a field's value is masked by its key") {
  struct Field {
    std::string key;
    std::string value;
    std::string masked;
  };
  const std::vector<Field> rows = {
      {"name", "Jane Roe", "J*** R***"},
      {"first_name", "Jane", "J***"},
      {"lastName", "Roe", "R***"},
      {"Customer-Name", "\xC3\x89ric", "\xC3\x89***"},
      {"billing_details.name", "Jane", "J***"},
      {"customer[name]", "Jane", "J***"},
      {"username", "jroe", "j***"},
      {"address", "1 Main Street", "****"},
      {"shipping_address", "1 Main Street", "****"},
      {"remote_address", "203.0.113.7:80", "203.0.113.0/24:80"},
      {"street", "Main", "****"},
      {"city", "Springfield", "****"},
      {"postal_code", "12345", "****"},
      {"postalCode", "12345", "****"},
      {"zip", "12345", "****"},
      {"dob", "1980-02-03", "****"},
      {"date-of-birth", "1980-02-03", "****"},
      {"birthDate", "1980-02-03", "****"},
      {"email", "jane@example.com", "j***@example.com"},
      {"receipt_email", "not an address", "n*** a*** a***"},
      {"phone", "2025550101", "******0101"},
      {"phoneNumber", "x", "****"},
      {"IBAN", "DE89 3704 0044 0532 0130 00", "DE89****3000"},
      {"cvc", "123", "****"},
      {"card_number", "4242 4242 4242 4241", "424242******4241"},
      {"secret", "short", "****"},
      {"client_secret", "pi_3MtwBwLkdIwH_secret_YrKJUKribcBjcG8H", "****cG8H"},
      {"apiKey", "abcdefghijklmnop", "****mnop"},
      {"AWS_SECRET_ACCESS_KEY", "abcdefghijklmnop", "****mnop"},
      {"token", "abcdefghijklmnop", "****mnop"},
      {"Password", "hunter2hunter2hunter2", "****"},
      {"authorization", "Bearer abcdefghijklmnop", "Bearer ****mnop"},
      {"Set-Cookie", "a=b", "****"},
      {"ip", "203.0.113.7", "203.0.113.0/24"},
      {"clientIp", "2001:db8:1:2::3", "2001:db8:1::/48"},
      {"ssn", "078-05-1120", "****"},
      {"phone_1", "2025550101", "******0101"},
      {"phone2", "2025550101", "******0101"},
      {"address_2", "Flat 7", "****"},
      {"fname", "Jane", "J***"},
      {"cust_name", "Jane", "J***"},
      {"passwordHash", "abc", "****"},
      {"PGPASSWORD", "hunter2", "****"},
      {"ip_address", "[", "****"},
      {"address", "[]", "****"},
      {"phone", "+1******0101", "+1******0101"},
      {"card_number", "424242******4242", "424242******4242"},
      {"iban", "DE89****3000", "DE89****3000"},
      {"detail", "of jane@example.com", "of j***@example.com"},
      {"name", "", ""},
      // What stays.
      {"file_name", "Jane.csv", "Jane.csv"},
      {"fileName", "Jane.csv", "Jane.csv"},
      {"event_name", "created", "created"},
      {"column_name", "email", "email"},
      {"hostname", "db1", "db1"},
      {"host_name", "db1", "db1"},
      {"product_name", "Chair", "Chair"},
      {"type", "card", "card"},
      {"id", "evt_1", "evt_1"},
      {"card_brand", "visa", "visa"},
      {"last4", "4242", "4242"},
      {"currency", "usd", "usd"},
      {"amount", "2000", "2000"},
      {"status", "succeeded", "succeeded"},
      {"country", "DE", "DE"},
      {"version", "1.2.3.4", "1.2.3.4"},
      {"clientVersion", "1.2.3.4", "1.2.3.4"},
      {"token_file", "/etc/token", "/etc/token"},
      {"tokens", "12", "12"},
      {"listen_address", "0.0.0.0:80", "0.0.0.0:80"},
      {"column", "customer_name", "customer_name"},
      {"capacity", "12", "12"},
      {"key", "customer", "customer"},
  };
  for (const Field& row : rows) {
    CAPTURE(row.key);
    CAPTURE(row.value);
    CHECK(mask_field(row.key, row.value) == row.masked);
  }
}

TEST_CASE("what quotes the user's own options keeps the columns and hides the secrets") {
  CHECK(mask_usage("--rename: name=full_name, city=town") == "--rename: name=full_name, city=town");
  CHECK(mask_usage("--date: dob=%d:%Y") == "--date: dob=%d:%Y");
  CHECK(mask_usage("password=hunter2 of jane@example.com") == "password=**** of j***@example.com");
}

TEST_CASE("a key of any length and any bytes is taken") {
  CHECK(mask_field(repeated("x_", 100'000) + "password", "hunter2") == "****");
  CHECK(mask_field("\xFF\x01", "ok") == "ok");
  CHECK(mask_field("", "ok") == "ok");
}

TEST_CASE("a cell about a person keeps its shape alone") {
  const std::vector<Row> rows = {
      {"", ""},
      {"Jane Roe", "J*** R***"},
      {"Jane", "J***"},
      {"J", "***"},
      {"\xC3\xA9", "***"},
      {"\xE6\x9D\x8E", "***"},
      {" J ", "***"},
      {"\xC3\xA9ric \xE6\x9D\x8E", "\xC3\xA9*** \xE6\x9D\x8E***"},
      {"jane@example.com", "j***@example.com"},
      {" jane@example.com ", "j***@example.com"},
      {"jane@localhost", "j***@localhost"},
      {"+1 202 555 0101", "+1******0101"},
      {"2025550101", "******0101"},
      {"4242 4242 4242 4242", "424242******4242"},
      {"DE89 3704 0044 0532 0130 00", "DE89****3000"},
      {"203.0.113.7", "203.0.113.0/24"},
      {"127.0.0.1", "127.0.0.0/24"},
      {"2001:db8:1:2::3", "2001:db8:1::/48"},
      {"1980-02-03", "***"},
      {"3.2.1980", "***"},
      {"12 Main Street", "*** M*** S***"},
      {"a b c d e f", "a*** b*** c*** d***"},
      {"Jane Roe <jane@example.com>", "J*** R*** ***"},
      {"42", "***"},
      {"   ", "***"},
      {"***", "****"},
      {"J***", "***"},
      {"\xFF\xFE", "***"},
      {"@", "***"},
      {"-", "***"},
      {"\xE2\x80\xAEx", "***"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(mask_person(row.text) == row.masked);
    CHECK((row.text.empty() || mask_person(row.text) != row.text));
  }
}
