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

}  // namespace

TEST_CASE("card numbers keep their first 6 and last 4 digits") {
  const std::vector<Row> rows = {
      {"4242424242424242", "424242******4242"},
      {"card 4242 4242 4242 4242 of", "card 424242******4242 of"},
      {"4242-4242-4242-4242", "424242******4242"},
      {"4242.4242.4242.4242", "424242******4242"},
      {"4242\xC2\xA0"
       "4242\xC2\xA0"
       "4242\xC2\xA0"
       "4242",
       "424242******4242"},
      {"4242 424242424242", "424242******4242"},
      {"amex 3782 822463 10005.", "amex 378282*****0005."},
      {"378282246310005", "378282*****0005"},
      {"5555555555554444,", "555555******4444,"},
      {"2223003122003222", "222300******3222"},
      {"6011111111111117", "601111******1117"},
      {"3566002020360505", "356600******0505"},
      {"30569309025904", "305693****5904"},
      {"6200000000000005", "620000******0005"},
      {"4222222222222", "422222***2222"},
      {"paid 12 4242 4242 4242 4242 now", "paid 12 424242******4242 now"},
      {"%B4242424242424242^ROE/JANE^29121011234?x", "%B424242******4242^****?x"},
      {";4242424242424242=29121011234?", ";424242******4242=****?"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(mask_text(row.text) == row.masked);
    CHECK(mask_text(row.masked) == row.masked);
  }
}

TEST_CASE("e-mail addresses keep one letter and the domain") {
  const std::vector<Row> rows = {
      {"jane@example.com", "j***@example.com"},
      {"of jane.roe+news@mail.example.co.uk, now", "of j***@mail.example.co.uk, now"},
      {"<jane@example.com>", "<j***@example.com>"},
      {"'o'brien@example.com'", "'o***@example.com'"},
      {"\xC3\xA9ric@example.com", "\xC3\xA9***@example.com"},
      {"jane@b\xC3\xBC"
       "cher.example",
       "j***@b\xC3\xBC"
       "cher.example"},
      {"mailto:jane@example.com?subject=x", "mailto:j***@example.com?subject=x"},
      {"a=1&e=jane%40example.com&b=2", "a=1&e=j***%40example.com&b=2"},
      {"\"jane roe\"@example.com", "j***@example.com"},
      {"jane@[203.0.113.7]", "j***@[203.0.113.0/24]"},
      {"a@example.com b@example.com", "a***@example.com b***@example.com"},
      {"a@example.com@b@example.org", "a***@example.com@b***@example.org"},
      {"4242424242424242@example.com", "4***@example.com"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(mask_text(row.text) == row.masked);
    CHECK(mask_text(row.masked) == row.masked);
    CHECK(mask_text(row.text).find("jane") == std::string::npos);
  }
}

TEST_CASE("phone numbers keep the country's code and the last 4 digits") {
  const std::vector<Row> rows = {
      {"+12025550101", "+1******0101"},
      {"call +1 415 555 0132 now", "call +1******0132 now"},
      {"+1 (202) 555-0101", "+1******0101"},
      {"+1-202-555-0101, x", "+1******0101, x"},
      {"+49 30 12345678", "+49******5678"},
      {"+44 (0)20 7946 0958", "+44*******0958"},
      {"+353 1 234 5678", "+353****5678"},
      {"0049 30 12345678", "+49******5678"},
      {"call 415 555 0132 now", "call ******0132 now"},
      {"bad value '415 555 0132'", "bad value '******0132'"},
      {"415 555 0132", "******0132"},
      {"(202) 555-0101", "******0101"},
      {"202-555-0101", "******0101"},
      {"202.555.0101", "******0101"},
      {"1-202-555-0101", "+1******0101"},
      {"+1.2025550101", "+1******0101"},
      {"01 23 45 67 89", "******6789"},
      {"020 7946 0958", "*******0958"},
      {"030/12345678", "*******5678"},
      {"(030) 12345678", "*******5678"},
      {"tel:+12025550101", "tel:+1******0101"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(mask_text(row.text) == row.masked);
    CHECK(mask_text(row.masked) == row.masked);
  }
}

TEST_CASE("bank accounts and network addresses are masked") {
  const std::vector<Row> rows = {
      {"DE89370400440532013000", "DE89****3000"},
      {"to GB82 WEST 1234 5698 7654 32 at", "to GB82****5432 at"},
      {"FR1420041010050500013M02606.", "FR14****2606."},
      {"nl91abna0417164300", "nl91****4300"},
      {"NO93 8601 1117 947", "NO93****7947"},
      {"from 203.0.113.7", "from 203.0.113.0/24"},
      {"203.0.113.7:443", "203.0.113.0/24:443"},
      {"http://198.51.100.23/x", "http://198.51.100.0/24/x"},
      {"192.0.2.77/32", "192.0.2.0/24"},
      {"2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"},
      {"[2001:db8::1]:443", "[2001:db8:0::/48]:443"},
      {"peer:2001:db8:a:b::9, x", "peer:2001:db8:a::/48, x"},
      {"fe80::1ff:fe23:4567:890a%eth0", "fe80:0:0::/48%eth0"},
      {"::ffff:203.0.113.7", "::ffff:203.0.113.0/24"},
      {"2001:db8:1:2::/64", "2001:db8:1::/48"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(mask_text(row.text) == row.masked);
    CHECK(mask_text(row.masked) == row.masked);
  }
}

TEST_CASE("tokens and secrets are masked") {
  const std::vector<Row> rows = {
      {"sk_live_4eC39HqLyjWDarjtT1zdp7dc", "sk_live_****p7dc"},
      {"rk_test_4eC39HqLyjWDarjtT1zdp7dc,", "rk_test_****p7dc,"},
      {"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_****LaSw"},
      {"pi_3MtwBwLkdIwH_secret_YrKJUKribcBjcG8H", "pi_3MtwBwLkdIwH_secret_****cG8H"},
      {"AKIAIOSFODNN7EXAMPLE", "AKIA****MPLE"},
      {"ghp_abcdefghijklmnopqrstuvwxyz0123456789", "ghp_****6789"},
      {"xoxb-123456789012-abcdefghijkl", "xoxb-****ijkl"},
      {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl rest", "eyJ****dXJl rest"},
      {"Authorization: Bearer abcdef0123456789xyzw", "Authorization: Bearer ****xyzw"},
      {"authorization: Basic dXNlcjpwYXNzd29yZA==", "authorization: Basic ****ZA=="},
      {"got Bearer abcdef0123456789xyzw back", "got Bearer ****xyzw back"},
      {"password=hunter2", "password=****"},
      {"password='hun ter2' x", "password='****' x"},
      {"DB_PASSWORD: hunter2", "DB_PASSWORD: ****"},
      {"{\"password\":\"hun\\\"ter2\",\"a\":1}", "{\"password\":\"****\",\"a\":1}"},
      {"\"{\\\"password\\\":\\\"hunter2\\\"}\"", "\"{\\\"password\\\":\\\"****\\\"}\""},
      {"{\"password\":\"hunter2", "{\"password\":\"****"},
      {"--password hunter2 --jobs 4", "--password **** --jobs 4"},
      {"?api_key=abc&x=1", "?api_key=****&x=1"},
      {"client_secret=abc", "client_secret=****"},
      {"cvc: 123", "cvc: ****"},
      {"\"cvc\":123,\"brand\":\"visa\"", "\"cvc\":****,\"brand\":\"visa\""},
      {"postgresql://app:hunter2@db.example/x", "postgresql://app:****@db.example/x"},
      {"postgresql://app:hunter2/x#@db.example/x", "postgresql://app:****@db.example/x"},
      {"PGPASSWORD=hunter2 psql", "PGPASSWORD=**** psql"},
      {"{\"secret\":[\"\", null, \"hunter2\", 12],\"a\":[1]}",
       "{\"secret\":[\"\", null, \"****\", ****],\"a\":[1]}"},
      {"{\"token\":[\"hunter2", "{\"token\":[\"****"},
      {"Authorization: Digest username=\"jane\", response=\"hunter2hunter2\"\nx",
       "Authorization: Digest ****er2\"\nx"},
      {"https://0123456789abcdef@git.example/x", "https://****@git.example/x"},
      {"https://jane@example.com:pw@host/x", "https://****@host/x"},
      {"Cookie: a=b; session=c", "Cookie: ****"},
      {"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nx",
       "-----BEGIN PRIVATE KEY-----****-----END PRIVATE KEY-----\nx"},
      {"-----BEGIN RSA PRIVATE KEY-----\nMIIE", "-----BEGIN RSA PRIVATE KEY-----****"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::string got = mask_text(row.text);
    CHECK(got == row.masked);
    CHECK(mask_text(got) == got);
    CHECK(got.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("personal values behind a telling key in free text are masked") {
  const std::vector<Row> rows = {
      {"{\"name\":\"Jane Roe\",\"amount\":2000}", "{\"name\":\"J*** R***\",\"amount\":2000}"},
      {"name=Jane Roe status=ok", "name=J*** R*** status=ok"},
      {"customer name: Jane Roe, paid", "customer name: J*** R***, paid"},
      {"{\"address\":{\"line1\":\"1 Main Street\",\"city\":\"Springfield\",\"country\":\"US\"}}",
       "{\"address\":{\"line1\":\"****\",\"city\":\"****\",\"country\":\"US\"}}"},
      {"phone: 202 555 0101", "phone: ******0101"},
      {"iban=DE00123456789012345678", "iban=****5678"},
      {"card_number=1234567890123456", "card_number=123456******3456"},
      {"\"name\":null", "\"name\":null"},
      {"street: 1 Main Street, paid", "street: ****, paid"},
      {"dob: 3 February 1980", "dob: ****"},
      {"{\"name\":[\"Jane Roe\",\"John Doe\"]}", "{\"name\":[\"J*** R***\",\"J*** D***\"]}"},
      {"column \"name\": bad value \"Jane Roe\"", "column \"name\": bad value \"J*** R***\""},
      {"column 'name': 'Jane Roe' is bad", "column 'name': 'J*** R***' is bad"},
      {"phone_1=2025550101", "phone_1=******0101"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(mask_text(row.text) == row.masked);
    CHECK(mask_text(row.masked) == row.masked);
  }
}
