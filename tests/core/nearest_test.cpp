// SPDX-License-Identifier: MIT
#include "core/nearest.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace nodeops;

TEST_CASE("the edit distance counts characters put in, taken out, replaced and swapped") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("naem", "name") == 1);
  CHECK(edit_distance("Name", "nAME") == 0);
  CHECK(edit_distance("ca", "abc") == 3);
}

TEST_CASE("the nearest word is found when it is near enough") {
  const std::vector<std::string> known = {"order_id", "customer_name", "name", "amount", ""};
  CHECK(nearest("naem", known) == "name");
  CHECK(nearest("custmer_name", known) == "customer_name");
  CHECK(nearest("AMOUNT", known) == "amount");
  CHECK_FALSE(nearest("country", known));
  CHECK_FALSE(nearest("", known));
  CHECK_FALSE(nearest("x", {}));
  CHECK_FALSE(nearest(std::string(1 << 20, 'n'), known));
}

TEST_CASE("one letter is not near another") {
  CHECK_FALSE(nearest("x", std::vector<std::string>{"a", "b"}));
  CHECK(nearest("xb", std::vector<std::string>{"a", "b", "ab"}) == "ab");
}
