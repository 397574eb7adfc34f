// SPDX-License-Identifier: MIT
// Dashboards that somebody looks at: on a terminal, in a browser.
#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>

#include "process/dashboard_runs.hpp"

using namespace nodeops::test;

namespace {

/// Headless Chromium on a page, with these arguments.
ProcessOutcome browse(const TemporaryDirectory& place, std::vector<std::string> arguments) {
  const std::vector<std::string> alone = {"--headless",
                                          "--no-sandbox",
                                          "--disable-gpu",
                                          "--no-first-run",
                                          "--disable-background-networking",
                                          "--disable-component-update",
                                          "--disable-sync",
                                          "--hide-scrollbars",
                                          "--window-size=900,1200",
                                          "--user-data-dir=" + place / "profile"};
  arguments.insert(arguments.begin(), alone.begin(), alone.end());
  arguments.push_back("file://" + place / "page.html");
  return run_process({.program = "/usr/bin/chromium",
                      .arguments = arguments,
                      .environment = {{"HOME", place.path().string()}}});
}

/// How light the corner of the page is, 0 to 255, to somebody who prefers this colour scheme.
int corner(const TemporaryDirectory& place, const std::string& scheme) {
  const auto shot = browse(place, {"--blink-settings=preferredColorScheme=" + scheme,
                                   "--screenshot=" + place / "page.png"});
  CHECK(shot.exit_code == 0);
  const auto turned = run_process({.program = NODEOPS_BINARY,
                                   .arguments = {"grayscale", "--to", "pgm", "--overwrite", "-o",
                                                 place / "page.pgm", place / "page.png"}});
  REQUIRE_MESSAGE(turned.exit_code == 0, turned.err);
  const std::string pixels = place.read("page.pgm");
  return static_cast<unsigned char>(pixels.at(pixels.size() - 900 * 1200));
}

}  // namespace

TEST_CASE("--watch refreshes until it is interrupted") {
  Process process(quick_dashboard({"--watch", "20ms", "--format", "ndjson", "7"}));
  REQUIRE(process.wait_for([&] { return lines(process.out()) >= 3; }));
  process.signal(SIGINT);
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 130);
  CHECK_FALSE(contains(outcome.out, "\x1b"));
}

TEST_CASE("--watch with a file replaces it in each round, and always by a whole page") {
  const TemporaryDirectory place;
  const std::string page = place / "page.html";
  Process process(quick_dashboard({"--watch", "20ms", "--format", "html", "-o", page, "7", "8"}));
  const auto whole = [&] {
    const std::string text = place.has("page.html") ? place.read("page.html") : "";
    CHECK((text.empty() || text.ends_with("</html>\n")));
    return !text.empty();
  };
  REQUIRE(eventually(whole));
  std::filesystem::remove(page);
  REQUIRE(eventually(whole));
  process.signal(SIGINT);
  CHECK(process.finish().exit_code == 130);
  CHECK(whole());
  CHECK(place.names() == std::vector<std::string>{"page.html"});
}

TEST_CASE("on a terminal --watch redraws in place and gives the cursor back") {
  const auto outcome =
      run_process({.program = "/usr/bin/python3",
                   .arguments = {NODEOPS_SOURCE "/tests/process/on_a_terminal.py", "2", "24",
                                 NODEOPS_BINARY, "dashboard", "--watch", "20ms", "--mock",
                                 "notifications:latency=1ms,fail=0,hang=0", "7"}});
  CHECK(outcome.exit_code == 130);
  CHECK(outcome.out.find("\x1b[?25l") < outcome.out.find("USER"));
  CHECK(contains(outcome.out, "\x1b[H\x1b[?7lUSER"));
  CHECK(outcome.out.rfind("\x1b[?25h") > outcome.out.rfind("USER"));
}

TEST_CASE("on a small terminal --watch shows as much as there is room for") {
  const auto outcome = run_process(
      {.program = "/usr/bin/python3",
       .arguments = {NODEOPS_SOURCE "/tests/process/on_a_terminal.py", "2", "4", NODEOPS_BINARY,
                     "dashboard", "--watch", "20ms", "--mock",
                     "notifications:latency=1ms,fail=0,hang=0", "7", "8", "9", "10", "11", "12"}});
  CHECK(outcome.exit_code == 130);
  const auto begin = outcome.out.find("\x1b[H\x1b[?7lUSER");
  REQUIRE(begin != std::string::npos);
  const auto first = outcome.out.substr(begin, outcome.out.find("\x1b[J", begin) - begin);
  CHECK(lines(first) == 3);
  CHECK(contains(first, "\n… "));
  CHECK(first.ends_with(" more lines"));
}

TEST_CASE("the page can be looked at in a browser, in light and in dark") {
  if (!std::filesystem::exists("/usr/bin/chromium")) {
    MESSAGE("skipped: chromium is not installed");
    return;
  }
  const TemporaryDirectory place;
  auto launch = dashboard({"--clock", "virtual", "--format", "html", "-o", "page.html", "--mock",
                           "notifications:latency=2s", "7", "<b>9"});
  launch.directory = place.path().string();
  REQUIRE(run_process(launch).exit_code == 0);
  const auto looked_at = browse(place, {"--dump-dom"});
  CHECK(looked_at.exit_code == 0);
  CHECK(contains(looked_at.out, "&lt;b&gt;9"));
  CHECK_FALSE(contains(looked_at.out, "<script"));
  // What a screen reader goes by.
  for (const auto* const part : {"<html lang=\"en\">", "<main>", "<h1>", "<article", "<caption",
                                 "scope=\"col\"", "scope=\"row\"", "role=\"img\" aria-label="})
    CHECK(contains(looked_at.out, part));
  constexpr int light_corner = 200;
  constexpr int dark_corner = 60;
  CHECK(corner(place, "1") > light_corner);
  CHECK(corner(place, "0") < dark_corner);
}
