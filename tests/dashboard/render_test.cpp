// SPDX-License-Identifier: MIT
#include "dashboard/render.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "dashboard/one_line_json.hpp"
#include "dashboard/screen_text.hpp"
#include "observe/json_object.hpp"

using namespace nodeops;
using namespace nodeops::dashboard;
using namespace std::chrono_literals;

namespace {

Look look() {
  return {.plans = {{.name = "profile", .required = true, .cutoff = 500ms},
                    {.name = "notifications", .cutoff = 300ms}},
          .budget = 500ms};
}

Dashboard partial(const std::string& user) {
  Dashboard one{.user = user, .status = DashboardStatus::partial, .elapsed = 300'640us};
  one.outcomes.resize(2);
  one.outcomes[0].status = SourceStatus::ok;
  one.outcomes[0].attempts = 1;
  one.outcomes[0].elapsed = 40'200us;
  one.outcomes[0].json = R"({"a":[1,{}]})";
  one.outcomes[1].status = SourceStatus::timeout;
  one.outcomes[1].attempts = 1;
  one.outcomes[1].elapsed = 300'300us;
  one.outcomes[1].failure = std::make_unique<SourceFailure>(SourceFailure{
      .type = "source-timeout", .title = "Source timed out", .status = 504, .detail = "no answer"});
  return one;
}

std::string shown(Renderer& renderer, const Dashboard& dashboard) {
  std::string text;
  renderer.show(dashboard, text);
  return text;
}

/// Code points of the longest line.
std::size_t width(const std::string& text) {
  std::istringstream lines(text);
  std::size_t most = 0;
  for (std::string line; std::getline(lines, line);) {
    std::size_t count = 0;
    for (const char c : line) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    most = std::max(most, count);
  }
  return most;
}

}  // namespace

TEST_CASE("a dashboard as JSON has what the contract shows") {
  const std::string line = shown(*ndjson_renderer(look()), partial("42"));
  CHECK(line ==
        R"({"user_id":"42","status":"partial","elapsed_ms":300.6,"budget_ms":500,)"
        R"("data":{"profile":{"a":[1,{}]}},"sources":[{"name":"profile","required":true,)"
        R"("status":"ok","elapsed_ms":40.2,"attempts":1},{"name":"notifications",)"
        R"("required":false,"status":"timeout","elapsed_ms":300.3,"attempts":1,"error":{"type":)"
        R"("urn:nodeops:error:source-timeout","title":"Source timed out","status":504,)"
        R"("detail":"no answer"}}]})"
        "\n");
  CHECK(is_json(line));
  const std::string pretty = shown(*json_renderer(look()), partial("42"));
  CHECK(one_line_json(pretty).value() + "\n" == line);
}

TEST_CASE("an id with odd characters breaks out of nothing") {
  const std::string id = "a\"b\\c\nd</script><b>'\x1b[31m\xff";
  CHECK(is_json(shown(*ndjson_renderer(look()), partial(id))));
  const std::string page = shown(*html_renderer(look()), partial(id));
  CHECK(page.find("<b>") == std::string::npos);
  CHECK(page.find("</script>") == std::string::npos);
  CHECK(page.find('\x1b') == std::string::npos);
  const std::string table = shown(*table_renderer(look()), partial(id));
  CHECK(table.find('\x1b') == std::string::npos);
}

TEST_CASE("table and timeline fit 80 columns, whatever the names and times") {
  Look wide = look();
  wide.timeline = true;
  wide.plans[1].name = std::string(300, 'n');
  Dashboard slow = partial(std::string(1000, 'u'));
  slow.elapsed = 3'599'999ms;
  slow.outcomes[1].elapsed = slow.elapsed;
  slow.outcomes[1].failure->detail = "short";
  wide.plans[1].name = "é" + std::string(30, 'n');
  const auto table = table_renderer(wide);
  CHECK(width(table->start()) <= 80);
  CHECK(width(shown(*table, partial("42"))) <= 80);
  CHECK(width(shown(*table, slow)) <= 84);  // a dashboard of an hour may stick out a little
}

TEST_CASE("sources that do not fit into 80 columns are told in one") {
  Look many = look();
  Dashboard one = partial("42");
  while (many.plans.size() < 8) {
    many.plans.push_back({.name = "source" + std::to_string(many.plans.size()), .cutoff = 300ms});
    one.outcomes.emplace_back().status = SourceStatus::ok;
  }
  const auto table = table_renderer(many);
  const std::string text = table->start() + shown(*table, one);
  CHECK(width(text) <= 80);
  CHECK(text.find("7 of 8 ok") != std::string::npos);
  CHECK(text.find("notifications: no answer") != std::string::npos);
}

TEST_CASE("a timeline's axis has the cutoffs, as far as there is room") {
  Look drawn = look();
  const auto axis = [&] {
    const std::string text = timeline(partial("42"), drawn);
    return text.substr(text.rfind('\n', text.size() - 2) + 1);
  };
  CHECK(axis() == std::string(17, ' ') + "0" + std::string(23, ' ') + "300" + std::string(12, ' ') +
                      "500 ms\n");
  drawn.plans[1].cutoff = 490ms;  // in the budget's way
  CHECK(axis() == std::string(17, ' ') + "0" + std::string(38, ' ') + "500 ms\n");
}

TEST_CASE("a timeline shows bars as long as the times, and where the cutoff is") {
  Look drawn = look();
  const std::string text = timeline(partial("42"), drawn);
  std::istringstream lines(text);
  std::string profile;
  std::string notifications;
  std::getline(lines, profile);
  std::getline(lines, notifications);
  const auto blocks = [](const std::string& line) {
    std::size_t count = 0;
    for (auto at = line.find("█"); at != std::string::npos; at = line.find("█", at + 1)) ++count;
    return count;
  };
  CHECK(blocks(profile) == 3);         // 40.2 of 500 ms in 44 cells
  CHECK(blocks(notifications) == 26);  // 300.3 of 500 ms
  CHECK(profile.find("│") != std::string::npos);
  CHECK(text.find("500 ms") != std::string::npos);
}

TEST_CASE("milliseconds have one decimal, and none when it is nought") {
  CHECK(milliseconds(0ms) == "0");
  CHECK(milliseconds(300'640us) == "300.6");
  CHECK(milliseconds(300'660us) == "300.7");
  CHECK(milliseconds(299'960us) == "300");
}

TEST_CASE("JSON on one line keeps every token, and only JSON passes") {
  CHECK(one_line_json(" { \"a b\" : [ 1.50 , \"x\\\" y\" ] }\n") == R"({"a b":[1.50,"x\" y"]})");
  for (const std::string bad : {"", "{", "{}x", "nan", "[1,]", "\"\xff\"", "'a'"})
    CHECK_FALSE(one_line_json(bad).has_value());
  CHECK_FALSE(one_line_json(std::string("{}\0garbage", 10)).has_value());
  CHECK(one_line_json("\xEF\xBB\xBF[1]") == "[1]");
  CHECK(one_line_json(std::string(512, '[') + std::string(512, ']')).has_value());
  CHECK_FALSE(one_line_json(std::string(513, '[') + std::string(513, ']')).has_value());
}

TEST_CASE("indented JSON has a line for each member and keeps empty ones closed") {
  CHECK(indented_json(R"({"a":[1,"x:,{"],"b":{},"c":[]})") ==
        "{\n  \"a\": [\n    1,\n    \"x:,{\"\n  ],\n  \"b\": {},\n  \"c\": []\n}");
}

TEST_CASE("a text in a column has the column's width") {
  CHECK(in_column("ab", 4) == "ab  ");
  CHECK(in_column("abcd", 4) == "abcd");
  CHECK(in_column("abcde", 4) == "abc…");
  CHECK(in_column("ééééé", 4) == "ééé…");
  // Wide characters take two columns, combining ones none.
  CHECK(in_column("日本", 6) == "日本  ");
  CHECK(in_column("日本語", 6) == "日本語");
  CHECK(in_column("日本語名", 6) == "日本… ");
  CHECK(in_column("日本語名", 7) == "日本語…");
  CHECK(in_column("e\xCC\x81t\xCC\x81", 3) == "e\xCC\x81t\xCC\x81 ");
}

TEST_CASE("the page is one whole document without anything from elsewhere") {
  const auto html = html_renderer(look());
  const std::string page = html->start() + shown(*html, partial("42")) + html->finish();
  CHECK(page.starts_with("<!doctype html>"));
  CHECK(page.ends_with("</html>\n"));
  for (const auto* const outside : {"http:", "https:", "<script", "<link", "<img", "url("})
    CHECK(page.find(outside) == std::string::npos);
  CHECK(page.find("no answer") != std::string::npos);
  CHECK(page.find("prefers-color-scheme: dark") != std::string::npos);
}
