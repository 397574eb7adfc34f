// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "dashboard/one_line_json.hpp"
#include "dashboard/render.hpp"
#include "observe/printable.hpp"

namespace nodeops::dashboard {
namespace {

constexpr std::string_view page_start = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Dashboards</title>
<style>
:root { --text: #1b1f24; --quiet: #57606a; --page: #fff; --card: #f6f8fa; --line: #d0d7de;
  --ok: #1a7f37; --late: #9a6700; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --quiet: #9aa4af; --page: #0d1117;
  --card: #161b22; --line: #30363d; --ok: #3fb950; --late: #d29922; --bad: #ff7b72; } }
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; color: var(--text);
  background: var(--page); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  padding: 1rem; margin: 1rem 0; }
header p { margin: .1rem 0 .6rem; color: var(--quiet); }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .25rem .5rem .25rem 0; vertical-align: top; }
thead th { color: var(--quiet); font-weight: 600; } td.time { text-align: right; white-space: nowrap; }
td.bar { width: 45%; }
.track { position: relative; height: .9rem; margin-top: .3rem; background: var(--line);
  border-radius: .2rem; overflow: hidden; }
.fill { position: absolute; inset: 0 auto 0 0; border-radius: .2rem; }
.cutoff { position: absolute; top: 0; bottom: 0; width: 2px; background: var(--text); }
.ok, .complete { color: var(--ok); } .timeout, .open, .cancelled, .partial { color: var(--late); }
.error, .failed { color: var(--bad); } .fill { background: currentColor; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
thead th.time { text-align: right; padding-right: .5rem; } td.time { padding-right: .5rem; }
strong { font-weight: 600; } small { display: block; color: var(--quiet); }
pre { overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; }
summary { cursor: pointer; margin-top: .5rem; }
</style>
</head>
<body>
<main>
<h1>Dashboards</h1>
)";

/// Text for the inside of an element or of an attribute in double quotes.
std::string escaped_html(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

/// A part of the whole in percent, with one decimal.
std::string percent(Clock::duration part, Clock::duration whole) {
  const double share = whole.count() > 0 ? 100.0 * static_cast<double>(part.count()) /
                                               static_cast<double>(whole.count())
                                         : 0;
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), std::clamp(share, 0.0, 100.0),
                                 std::chars_format::fixed, 1)
                       .ptr;
  return std::string(digits.begin(), end) + "%";
}

class HtmlRenderer : public Renderer {
 public:
  explicit HtmlRenderer(Look look) : look_(std::move(look)) {}

  std::string start() override { return std::string(page_start); }
  std::string finish() override { return "</main>\n</body>\n</html>\n"; }

  void show(const Dashboard& dashboard, std::string& to) override {
    const std::string status(name_of(dashboard.status));
    to += "<article>\n<header><h2>" + escaped_html(printable(dashboard.user)) +
          "</h2>\n<p><strong class=\"" + status + "\">" + status + "</strong> in " +
          milliseconds(dashboard.elapsed) + " of " + milliseconds(look_.budget) +
          " ms</p></header>\n<table>\n<caption>Sources of this "
          "dashboard</caption>\n<thead><tr><th scope=\"col\">Source</th>"
          "<th scope=\"col\">Status</th><th scope=\"col\" class=\"time\">Time</th>"
          "<th scope=\"col\">Against cutoff and budget</th></tr></thead>\n<tbody>\n";
    const Clock::duration scale = std::max(look_.budget, dashboard.elapsed);
    for (std::size_t i = 0; i < dashboard.outcomes.size(); ++i)
      to += row(dashboard.outcomes[i], look_.plans[i], scale);
    to += "</tbody>\n</table>\n";
    for (std::size_t i = 0; i < dashboard.outcomes.size(); ++i) {
      const Outcome& outcome = dashboard.outcomes[i];
      if (outcome.status != SourceStatus::ok) continue;
      to += "<details><summary>" + escaped_html(printable(look_.plans[i].name)) +
            "</summary>\n<pre>" + escaped_html(indented_json(outcome.json)) + "</pre></details>\n";
    }
    to += "</article>\n";
  }

 private:
  std::string row(const Outcome& outcome, const SourcePlan& plan, Clock::duration scale) const {
    const std::string status(name_of(outcome.status));
    const Clock::duration cutoff = std::min(plan.cutoff, look_.budget);
    const std::string time = milliseconds(outcome.elapsed) + " ms";
    std::string text = "<tr><th scope=\"row\">" + escaped_html(printable(plan.name)) + "<small>" +
                       (plan.required ? "required" : "optional") +
                       "</small></th><td><strong class=\"" + status + "\">" + status + "</strong>";
    if (outcome.attempts > 1)
      text += "<small>" + std::to_string(outcome.attempts) + " attempts</small>";
    if (outcome.failure)
      text += "<small>" + escaped_html(printable(outcome.failure->detail)) + "</small>";
    text += "</td><td class=\"time\">" + time +
            "</td><td class=\"bar\"><div class=\"track\" role=\"img\" "
            "aria-label=\"" +
            time + ", cutoff at " + milliseconds(cutoff) +
            " ms\">"
            "<div class=\"fill " +
            status + "\" style=\"width:" + percent(outcome.elapsed, scale) +
            "\"></div><div class=\"cutoff\" style=\"left:calc(" + percent(cutoff, scale) +
            " - 2px)\"></div></div></td></tr>\n";
    return text;
  }

  Look look_;
};

}  // namespace

std::unique_ptr<Renderer> html_renderer(Look look) {
  return std::make_unique<HtmlRenderer>(std::move(look));
}

}  // namespace nodeops::dashboard
