// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "webhook/delivery_reader.hpp"

using namespace nodeops;
using namespace nodeops::webhook;

namespace {

constexpr std::size_t largest = 100;

std::vector<Delivery> read_all(const std::string& text, std::size_t piece, bool one_body = false,
                               const std::string& headers = {}) {
  DeliveryReader reader({{.name = "in",
                          .open = [&] { return std::make_unique<MemorySource>(text, piece); },
                          .is_one_body = one_body,
                          .headers = headers}},
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
  CHECK(all[0].values("stripe-signature") == std::vector<std::string_view>{"t=1"});
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

TEST_CASE("headers may be several of one name, a time may have a fraction, nothing may be null") {
  const auto all =
      read_all(R"({"headers":{"X-A":["1","2"],"x-b":"3"},"body":"{}","received_at":17.9})"
               "\n"
               R"({"headers":null,"body":"{}","received_at":null})"
               "\n"
               R"({"headers":[],"body":"{}"})"
               "\n"
               R"({"headers":{},"body":"{}","received_at":1e3})"
               "\n"
               R"({"headers":{},"body":{}})"
               "\n"
               R"({"object":"event","body":"x"})",
               1000);
  REQUIRE(all.size() == 6);
  CHECK(all[0].headers == decltype(all[0].headers){{"x-a", "1"}, {"x-a", "2"}, {"x-b", "3"}});
  CHECK(all[0].received_at == 17);
  CHECK(!all[1].unreadable);
  CHECK(!all[1].received_at);
  for (const std::size_t bad : {2U, 3U, 4U}) CHECK(all[bad].unreadable->type == "invalid-json");
  CHECK(all[5].body.starts_with("{\"object\""));
}

TEST_CASE("a dead letter says how often it was tried") {
  const auto all = read_all(
      "{\"body\":\"{}\",\"dead_lettered_at\":1,\"redrives\":3}\n"
      "{\"body\":\"{}\",\"redrives\":3}\n",
      1000);
  REQUIRE(all.size() == 2);
  CHECK(all[0].redrives == 3U);
  CHECK(!all[1].redrives);
}

TEST_CASE("a file of several deliveries is an array of objects or a list, however it arrives") {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{5}, std::size_t{1000}}) {
    const auto all = read_all(
        " [ {\"object\":\"event\",\"a\":\"]},[{\\\\\\\"\"} "
        ",\n{\"body\":\"{}\",\"received_at\":3}]\n",
        piece, true);
    REQUIRE(all.size() == 2);
    CHECK(all[0].body == "{\"object\":\"event\",\"a\":\"]},[{\\\\\\\"\"}");
    CHECK(all[0].place == "in[0]");
    CHECK(all[1].body == "{}");
    CHECK(all[1].received_at == 3);
    const auto list = read_all(
        R"({"object":"list","url":"/[","data":[{"object":"event"},{"id":[2,{}]}],"has_more":false})",
        piece, true);
    REQUIRE(list.size() == 2);
    CHECK(list[0].body == R"({"object":"event"})");
    CHECK(list[1].body == R"({"id":[2,{}]})");
    CHECK(list[1].number == 2);
    const auto captured = read_all(R"({"headers":{"A":"b"},"body":"{}"})", piece, true);
    REQUIRE(captured.size() == 1);
    CHECK(captured[0].body == "{}");
    CHECK(captured[0].values("a") == std::vector<std::string_view>{"b"});
  }
}

TEST_CASE("what is wrong in an array costs its element, and nothing is left out") {
  const auto bodies = [](const std::string& text) {
    std::vector<std::string> all;
    for (const auto& one : read_all(text, 3, true))
      all.push_back(one.unreadable ? one.unreadable->type : one.body);
    return all;
  };
  using Texts = std::vector<std::string>;
  const std::string event = R"({"object":"event"})";
  CHECK(bodies("[" + event + ",x,{}]") == Texts{event, "x", "{}"});
  CHECK(bodies("[" + event + ",,{}") == Texts{event, "", "{}"});
  CHECK(bodies("[" + event + ",]") == Texts{event, ""});
  CHECK(bodies("[" + event + ",{} {}]") == Texts{event, "{} {}"});
  CHECK(bodies("[" + event + "] {}") == Texts{event, "invalid-json"});
  CHECK(bodies("[" + event + ",{\"a") == Texts{event, "{\"a"});
  CHECK(bodies("[" + event + ",{\"" + std::string(std::size_t{1} << 20, 'x') + "\"},{}]") ==
        Texts{event, "body-too-large", "{}"});
  // A body, which is then no event.
  for (const auto* const other :
       {"[]", "[1,{}]", " [ ] ", "[{}]", "[{}", "[{\"object\":\"event\"",
        "[{}{\"object\":\"event\"}]", R"({"object":"list","data":[]})",
        R"({"object":"list","data":[1]})", R"({"object":"lists","data":[{}]})",
        R"({"object":"list","data":[{}})"})
    CHECK(bodies(other) == Texts{other});
  CHECK(read_all("[" + event + "]", 1, true, "A: b\n")[0].body == "[" + event + "]");
}

TEST_CASE("a reader would wait where live input comes next, whatever stands before it") {
  const std::string event = R"({"object":"event"})";
  const auto ready_behind = [&](const std::vector<std::string>& files, bool is_live) {
    std::vector<DeliveryInput> inputs;
    for (const auto& text : files)
      inputs.push_back({.name = "in",
                        .open = [text] { return std::make_unique<MemorySource>(text, 1000); },
                        .is_one_body = text.starts_with('[') || text.starts_with(' ')});
    inputs.push_back({.name = "-",
                      .open = [] { return std::make_unique<MemorySource>("{}\n", 1000); },
                      .is_live = is_live});
    DeliveryReader reader(std::move(inputs), largest);
    REQUIRE(reader.next());
    return reader.ready();
  };
  for (const auto& files : std::vector<std::vector<std::string>>{{event},
                                                                 {event + "\n \n"},
                                                                 {" " + event},
                                                                 {"[" + event + "]\n"},
                                                                 {event + "\n", "", "\n\n"}}) {
    CHECK_FALSE(ready_behind(files, true));
    CHECK(ready_behind(files, false));
  }
  for (const auto& files : std::vector<std::vector<std::string>>{{event + "\n" + event},
                                                                 {"[" + event + "," + event + "]"},
                                                                 {"[" + event + "]x"},
                                                                 {event, "", event}})
    CHECK(ready_behind(files, true));
}
