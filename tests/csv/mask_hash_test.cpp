// SPDX-License-Identifier: MIT
#include "csv/mask_hash.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

#include "csv/cells.hpp"

using namespace nodeops::csv;

TEST_CASE("a hash is HMAC-SHA-256 under the key") {
  // RFC 4231, test cases 2 and 1.
  CHECK(after(*hash("Jefe"), "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(after(*hash(std::string(20, '\x0b')), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST_CASE("hashes differ with the key and with every byte of the value") {
  const auto one = hash("key");
  CHECK(after(*one, "anna") == after(*one, "anna"));
  CHECK(after(*one, "anna") != after(*one, "Anna"));
  CHECK(after(*one, "anna") != after(*one, std::string("anna\0", 5)));
  CHECK(after(*one, "anna") != after(*hash("other key"), "anna"));
  CHECK(after(*one, std::string(1 << 20, 'a')).size() == 64);
}

TEST_CASE("empty values stay empty, hashed or masked") {
  CHECK(after(*hash("key"), "") == "");
  CHECK(after(*mask(), "") == "");
}

TEST_CASE("a mask hides the value") {
  for (const std::string value : {"john@example.com", "Anna Schmidt", "x"}) {
    CAPTURE(value);
    const auto masked = after(*mask(), value);
    CHECK(masked != value);
    CHECK(masked.find('*') != std::string::npos);
  }
}

TEST_CASE("several threads hash at once and agree") {
  const auto one = hash("key");
  const auto expected = after(*one, "anna");
  std::vector<std::jthread> threads;
  std::vector<int> wrong(4);
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 500; ++round) wrong[i] += after(*one, "anna") == expected ? 0 : 1;
    });
  }
  threads.clear();
  CHECK(wrong == std::vector<int>(4));
}
