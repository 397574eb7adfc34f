// SPDX-License-Identifier: MIT
#include "net/listen_address.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace nodeops;

TEST_CASE("an address is a numeric host and a port") {
  for (const std::string_view text : {"127.0.0.1:9100", "0.0.0.0:0", "[::1]:65535", "[::]:80"}) {
    const auto address = parse_listen_address(text);
    REQUIRE_MESSAGE(address, text);
    CHECK(address->text() == text);
  }
  CHECK(parse_listen_address("localhost:9100")->text() == "127.0.0.1:9100");
}

TEST_CASE("anything else is no address") {
  for (const std::string_view text :
       {"", ":", ":9100", "9100", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1:9100x", "127.0.0.1: 9100", "127.0.0:9100", "::1:9100", "[127.0.0.1]:9100",
        "[::1:9100", "[]:9100", "example.org:9100"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_listen_address(text));
  }
  using namespace std::string_view_literals;
  CHECK_FALSE(parse_listen_address("127.0.0.1\0.example.org:9100"sv));
}
