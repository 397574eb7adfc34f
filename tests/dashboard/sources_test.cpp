// SPDX-License-Identifier: MIT
// What sources are told by the command line and by tables, and what their answers become.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>

#include "core/error.hpp"
#include "dashboard/answers.hpp"
#include "dashboard/file_source.hpp"
#include "dashboard/latency.hpp"
#include "dashboard/mock_data.hpp"
#include "dashboard/source_address.hpp"
#include "observe/json_object.hpp"
#include "support/temporary_directory.hpp"
#include "task/timer_queue.hpp"

using namespace nodeops;
using namespace nodeops::dashboard;
using namespace nodeops::test;
using namespace std::chrono_literals;

TEST_CASE("a source's text is its name, its address and its options") {
  const SourceText source =
      parse_source("orders=https://shop.example/o/{user}?a=1%2Cb,required,cutoff=250ms,retries=2");
  CHECK(source.name == "orders");
  CHECK(source.required == true);
  CHECK(source.cutoff == 250ms);
  CHECK(source.retries == 2U);
}

TEST_CASE("what is no source is refused with what is allowed") {
  const auto refused = [](const std::string& text) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_source(text), AppError);
  };
  for (const auto* const text : {"",
                                 "a",
                                 "=mock:",
                                 "a=",
                                 "a=ftp://x",
                                 "a=http://",
                                 "a=http:///x",
                                 "a=http://h/a b",
                                 "a=mock:,cutoff=soon",
                                 "a=mock:,retries=-1",
                                 "a=mock:,retries=1000",
                                 "a=mock:,cutof=1ms",
                                 "a b=mock:",
                                 "a\nb=mock:",
                                 "a:b=mock:",
                                 "a,b=mock:",
                                 "\xff=mock:",
                                 "a=mock:x",
                                 "a=file:",
                                 "a=exec:",
                                 "a=http://h/,optinal"}) {
    refused(text);
  }
  refused(std::string(65, 'a') + "=mock:");
  CHECK(parse_source("größe=mock:").name == "größe");
  CHECK(parse_source("a=exec:echo 1,2").address == "exec:echo 1,2");
}

TEST_CASE("a message about a source shows no query and no argument") {
  CHECK(shown_source("a=https://h/p?sig=x") == "'a=https://h/p?…'");
  CHECK(shown_source("a=https://h/p") == "'a=https://h/p'");
  CHECK(shown_source("a:b=exec:/bin/pay --key x") == "'a:b=exec:/bin/pay …'");
  CHECK(shown_source("exec:pay") == "'exec:pay'");
  for (const auto* const text :
       {"a=https://h/p?sig=topsecret,cutof=1", "a=https://h/?x=1,topsecret",
        "a=https:///p?sig=topsecret", "a b=exec:pay topsecret"}) {
    CAPTURE(text);
    try {
      parse_source(text);
      FAIL("taken");
    } catch (const AppError& error) {
      CHECK(std::string_view(error.what()).find("topsecret") == std::string_view::npos);
    }
  }
}

TEST_CASE("an id is percent-encoded where it stands in a URL") {
  CHECK(percent_encoded("a/b?c=d&e f\n\"é") == "a%2Fb%3Fc%3Dd%26e%20f%0A%22%C3%A9");
  CHECK(percent_encoded("Az09-._~") == "Az09-._~");
  CHECK(with_user("/{user}/x/{user}", "{user}") == "/{user}/x/{user}");
  CHECK(with_user("/{user}", "") == "/");
}

TEST_CASE("a command is split as a shell would split it") {
  using Words = std::vector<std::string>;
  CHECK(split_words("a  'b c' \"d \\\" e\" f\\ g ''") == Words{"a", "b c", "d \" e", "f g", ""});
  CHECK_FALSE(split_words("a 'b").has_value());
  CHECK(split_words("  ") == Words{});
}

TEST_CASE("latencies are read and drawn as they say") {
  SeededRandom random(5);
  CHECK(Latency::parse("40ms")->draw(random) == 40ms);
  const auto uniform = Latency::parse("uniform(20ms,80ms)");
  const auto lognormal = Latency::parse("lognormal(120ms,0.9)");
  REQUIRE(uniform);
  REQUIRE(lognormal);
  int below = 0;
  for (int i = 0; i < 4000; ++i) {
    const auto drawn = uniform->draw(random);
    CHECK(drawn >= 20ms);
    CHECK(drawn < 80ms);
    below += lognormal->draw(random) < 120ms ? 1 : 0;
  }
  CHECK(std::abs(below - 2000) < 200);  // 120 ms is the median
  for (const auto* const bad : {"", "x", "-1ms", "uniform(80ms,20ms)", "uniform(1ms)",
                                "lognormal(1ms,x)", "lognormal(1ms,-1)", "2h", "normal(1ms,2ms)"})
    CHECK_FALSE(Latency::parse(bad).has_value());
}

TEST_CASE("mocks answer the same for the same user and seed, and it is JSON") {
  const MockData data;
  for (const auto* const source : {"profile", "orders", "notifications", "other"}) {
    for (const auto* const user : {"1", "x\"y", "\xff"}) {
      const std::string answer = data.answer(source, user, 1);
      CHECK(is_json(answer));
      CHECK(answer == data.answer(source, user, 1));
    }
  }
  CHECK(data.answer("profile", "1", 1).starts_with(R"({"id":"1","name":)"));
  CHECK(data.answer("orders", "1", 1) != data.answer("orders", "1", 3));
}

TEST_CASE("a table with a bad line is refused with file and line") {
  const TemporaryDirectory place;
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream(place.path() / name) << text;
  };
  write("profile.csv", "name,email,city,country,plan,since\nA,a@b,X,DE,pro,2020\n");
  write("orders.csv", "item,amount,currency,status,ordered_on\nA,1.5,EUR,ok,2020\nB,2\n");
  write("notifications.csv", "kind,text,read\na,b,true\n");
  const std::string directory = place.path().string();
  CHECK_THROWS_WITH_AS(MockData{directory},
                       (directory + "/orders.csv:3: is no row of this table").c_str(), AppError);
  write("orders.csv", "item,amount,currency,status,ordered_on\nA,1.5,EUR,ok,2020\n");
  write("notifications.csv", std::string("kind,text,read\na,b,true\nc\0d,e,true\n", 33));
  CHECK_THROWS_WITH_AS(MockData{directory},
                       (directory + "/notifications.csv:3: a NUL byte").c_str(), AppError);
  write("notifications.csv", "kind,text,read\na,b,true\n");
  CHECK(
      MockData(directory).answer("profile", "7", 1) ==
      R"({"id":"7","name":"A","email":"a@b","city":"X","country":"DE","plan":"pro","since":"2020"})");
  std::filesystem::remove(place.path() / "orders.csv");
  CHECK_THROWS_AS(MockData{directory}, AppError);
}

TEST_CASE("what is not JSON is the source's failure, with its first bytes masked") {
  const Answer answer = answer_of("<html>jean@example.com" + std::string(5000, 'x'));
  REQUIRE(answer.failure);
  CHECK(answer.failure->type == "bad-answer");
  CHECK(answer.failure->detail.find("jean@") == std::string::npos);
  CHECK(answer.failure->detail.size() < 120);
  CHECK(answer_of("").failure->detail == "an empty answer");
  CHECK(answer_of(" [1, 2]\n").json == "[1,2]");
}

TEST_CASE("a file answers for an id, and no id leaves the directory") {
  const TemporaryDirectory place;
  VirtualTimers timers;
  std::ofstream(place.path() / "a%2Fb.json") << "{\"x\": 1}";
  std::ofstream(place.path() / "%2E..json") << "[]";
  FileSource source(timers, place.path().string() + "/{user}.json");
  const auto ask = [&](const std::string& user) {
    Answer given;
    const auto request = source.ask({.user = user, .attempt = 1, .deadline = Deadline::never()},
                                    [&](Answer answer) { given = std::move(answer); });
    while (timers.run_next()) {
    }
    return given;
  };
  CHECK(ask("a/b").json == R"({"x":1})");
  CHECK(ask("..").json == "[]");
  CHECK(ask("none").failure->detail == "cannot open the file: No such file or directory");
  CHECK_FALSE(ask("none").failure->blames_source);
  std::filesystem::create_directory(place.path() / "d.json");
  CHECK(ask("d").failure->detail == "is no regular file");
  CHECK(ask(std::string(1 << 20, 'x')).failure->detail ==
        "cannot open the file: File name too long");
  std::filesystem::resize_file(place.path() / "a%2Fb.json", longest_answer + 1);
  CHECK(ask("a/b").failure->type == "answer-too-long");
}
