// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "webhook/delivery_reader.hpp"

using namespace nodeops;
using namespace nodeops::webhook;

namespace {

constexpr std::size_t largest = 100;

std::vector<Delivery> read_all(const std::string& text, std::size_t piece, bool one_body = false) {
  DeliveryReader reader({{.name = "in",
                          .open = [&] { return std::make_unique<MemorySource>(text, piece); },
                          .is_one_body = one_body}},
                        largest);
  std::vector<Delivery> all;
  while (auto delivery = reader.next()) all.push_back(std::move(*delivery));
  return all;
}

}  // namespace

TEST_CASE("lines are deliveries, whatever ends them and however they arrive") {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
    const auto all = read_all("\xEF\xBB\xBF{\"a\":1}\r\n\n  \n{\"b\":2}", piece);
    REQUIRE(all.size() == 2);
    CHECK(all[0].body == "{\"a\":1}");
    CHECK(all[0].number == 1);
    CHECK(all[1].body == "{\"b\":2}");
    CHECK(all[1].place == "in:4");
    CHECK(all[1].number == 2);
  }
  CHECK(read_all("", 1).empty());
  CHECK(read_all("\n\n", 1).empty());
}

TEST_CASE("a captured delivery is taken apart") {
  const auto all =
      read_all(R"({"headers":{"Stripe-Signature":"t=1"},"body":"{\n\"id\":1}","received_at":17})"
               "\n"
               R"({"headers":{},"body_base64":"/3s="})"
               "\n"
               R"({"headers":{},"body_base64":"/3s"})"
               "\n"
               R"({"headers":{"a":1},"body":""})"
               "\n"
               R"({"id":"evt_1","data":{"body":"x"}})"
               "\n{\"body\":",
               1000);
  REQUIRE(all.size() == 6);
  CHECK(all[0].body == "{\n\"id\":1}");
  CHECK(*all[0].header("stripe-signature") == "t=1");
  CHECK(all[0].received_at == 17);
  CHECK(all[1].body == "\xff{");
  CHECK(all[2].unreadable->status == 400);
  CHECK(all[3].unreadable->status == 400);
  CHECK(all[4].body.starts_with("{\"id\""));
  CHECK(all[5].body == "{\"body\":");
}

TEST_CASE("what is too long is one delivery, and the next line is read") {
  for (const std::size_t size : {largest + 1, std::size_t{1} << 20}) {
    const auto all = read_all("\"" + std::string(size, 'x') + "\"\n{}\n", 4096);
    REQUIRE(all.size() == 2);
    CHECK(all[0].unreadable->status == 413);
    CHECK(all[0].body.empty());
    CHECK(all[1].body == "{}");
  }
  const auto captured = read_all("{\"body\":\"" + std::string(largest + 1, 'x') + "\"}\n", 4096);
  REQUIRE(captured.size() == 1);
  CHECK(captured[0].unreadable->status == 413);
}

TEST_CASE("a file can be one body, bytes and all, an empty one too") {
  const auto one = read_all(" {\r\n}\n", 3, true);
  REQUIRE(one.size() == 1);
  CHECK(one[0].body == " {\r\n}\n");
  REQUIRE(read_all("", 3, true).size() == 1);
  CHECK(read_all(std::string(largest + 1, ' '), 64, true)[0].unreadable->status == 413);
}
