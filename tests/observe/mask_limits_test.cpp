// SPDX-License-Identifier: MIT
#include "observe/mask.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace nodeops;

namespace {

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t count = 0; count < times; ++count) text += part;
  return text;
}

}  // namespace

TEST_CASE("what is not personal stays as it is") {
  const std::vector<std::string> rows = {
      "",
      "sales.csv:17: 11 fields, expected 12 (use --on-error skip)",
      "line 4242, byte 4242424242",
      "4242424242424241",                  // wrong checksum
      "1756700000123",                     // milliseconds
      "9999999999999995",                  // no scheme's prefix
      "order 42424242424242424242424242",  // too long
      "id_4242424242424242",
      "evt_3QEXAMPLEbad0001 pi_3QEXAMPLE0001 cus_EXAMPLE1",
      "amount 2000 usd, status succeeded, last4 4242, brand visa",
      "2026-11-20T12:00:00.000Z",
      "2026-11-20 12:00:00",
      "01.02.2026",
      "12:34:56.789",
      "version 1.2.3.4",
      "\"version\":\"1.2.3.4\"",
      "v10.0.0.1",
      "1.3.6.1.4.1.311",
      "nodeops 0.1.0, zlib 1.2.13",
      "express@5.0.1",
      "@scope/package@latest",
      "/var/data/in/2026/sales-01.csv.gz",
      "C:\\data\\sales.csv",
      "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
      "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "std::string a::b x::2",
      "00:1a:2b:3c:4d:5e",
      "127.0.0.1:8080 0.0.0.0 [::1]:80 ::",
      "10.0.0.0/8",
      "sizes 512 512 4096 and 4096 8192 16384",
      "+1048576 bytes, +12345678",
      "+123456789.25",
      "-12.50 EUR, 1.234,56",
      "0.123456789012",
      "file_name=a.csv column_name=email_sent event_name=x",
      "file name: data.csv",
      "unknown column name: total",
      "type=card id=evt_1 currency=usd",
      "unexpected token: '}'",
      "password_file=/etc/secret",
      "--secret-file /etc/secret",
      "token:12: bad line",
      "bearer token expired, Basic Authentication required",
      "10 requests/s, 5.4 M records, 412 MiB/s",
      "urn:nodeops:error:bad-data",
      "0x7ffd12345678",
      "a == b, c != d, e => f",
      "\"name\" is a column",
      "column 'phone': not a number",
      "sales.csv:3: column 'dob': not a date as '%Y' writes it",
      "size 415 555 0132 bytes, recall 512 512 4096",
      "icons/icon@2x.png",
      "token 12: unexpected }",
      "http://host:80/path@x http://host/path:a@x",
      "{\"tokens\":[\"abc\"],\"names\":[\"total\"]}",
      "0 1 2 3 4 5 6 7 8 9 10 11 12 13",
  };
  for (const auto& text : rows) {
    CAPTURE(text);
    CHECK(mask_text(text) == text);
  }
}

TEST_CASE("a mask over a mask changes nothing") {
  for (const auto* text :
       {"jane@example.com", "+12025550101", "4242 4242 4242 4242", "DE89370400440532013000",
        "203.0.113.7", "2001:db8:1:2:3:4:5:6", "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "password=hunter2", "name=Jane Roe", "::ffff:203.0.113.7",
        "Authorization: Bearer abcdef0123456789xyzw", "postgresql://app:hunter2@db/x",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "token=abcdefghijklmnopqrst",
        "IBAN:DE89370400440532013000", "phone=+1 202 555 0101", "card_number=4242 4242 4242 4242",
        "{\"secret\":[\"abc\",\"def\"]}", "street: 1 Main Street"}) {
    const std::string once = mask_text(text);
    CAPTURE(text);
    CHECK(once != text);
    CHECK(mask_text(once) == once);
  }
}

TEST_CASE("the mask takes hostile text in linear time and keeps what is not masked") {
  const std::size_t times = 200'000;
  for (const auto* part : {"@",
                           "a@",
                           "a@b",
                           "\"@",
                           "%40",
                           "4",
                           "4 ",
                           "4242 ",
                           "+1",
                           "+1 ",
                           "(1",
                           "00 ",
                           "1.",
                           "1.1.1.",
                           ":",
                           "a:",
                           "1::",
                           "a=",
                           "name=",
                           "name={",
                           "pin={",
                           "pin:1:",
                           "\"name\":",
                           "\\\"",
                           "--",
                           "-",
                           "eyJ",
                           "eyJ-",
                           "sk_live_",
                           "_secret_",
                           "bearer ",
                           "://",
                           "://@",
                           "PRIVATE KEY-----",
                           "\xFF",
                           "\xC3",
                           "name: ",
                           "name a:",
                           "GB82 WEST ",
                           "=",
                           "authorization:",
                           "cookie=\n",
                           "4242424242424242^",
                           "pin\\\\\\",
                           "password=\"",
                           "password=\\\"",
                           "\"pin\":[1,",
                           "\"pin\":[\"",
                           "column 'pin': x ",
                           "column 'pin': value '",
                           "dob: a ",
                           "://a:b/",
                           "tel 415 555 ",
                           "auth: digest "}) {
    CAPTURE(part);
    // Quadratic time would be hours here; the test has no clock and needs none.
    CHECK(mask_text(repeated(part, times)).size() > 0);
  }
}
