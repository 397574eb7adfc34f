// SPDX-License-Identifier: MIT
#include "dashboard_output.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "task/shutdown.hpp"

namespace nodeops {
namespace {

constexpr std::string_view home = "\x1b[H";
constexpr std::string_view clear_to_line_end = "\x1b[K";
constexpr std::string_view clear_below = "\x1b[J";
constexpr std::string_view wrapping_off = "\x1b[?7l";
constexpr std::string_view wrapping_on = "\x1b[?7h";
constexpr std::string_view cursor_hidden = "\x1b[?25l";
constexpr std::string_view cursor_shown = "\x1b[?25h";

std::unique_ptr<dashboard::Renderer> make_renderer(
    const DashboardOptions& options, const RunContext& run,
    const std::vector<dashboard::PlannedSource>& sources) {
  const bool to_stream = run.common.output == standard_stream;
  dashboard::Look look{
      .budget = options.budget, .color = run.color && to_stream, .timeline = options.timeline};
  for (const auto& source : sources) look.plans.push_back(source.plan);
  switch (options.format) {
    case DashboardFormat::json:
      return dashboard::json_renderer(std::move(look));
    case DashboardFormat::ndjson:
      return dashboard::ndjson_renderer(std::move(look));
    case DashboardFormat::html:
      return dashboard::html_renderer(std::move(look));
    case DashboardFormat::table:
      return dashboard::table_renderer(std::move(look));
    case DashboardFormat::automatic:
      break;
  }
  const bool on_screen = run.io.out_is_terminal && to_stream;
  return on_screen || options.timeline ? dashboard::table_renderer(std::move(look))
                                       : dashboard::ndjson_renderer(std::move(look));
}

/// As much of a text as the screen has room for, whose last line then says how much is missing: a
/// line too many, or one that wraps, would scroll.
std::string clipped(std::string_view text, std::size_t rows) {
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  if (rows == 0 || lines < rows) return std::string(text);
  std::size_t end = 0;
  for (std::size_t line = 1; line < rows; ++line) end = text.find('\n', end) + 1;
  return std::string(text.substr(0, end)) + "… " + std::to_string(lines - rows + 1) + " more lines";
}

/// The text over what stands on the screen: nothing of that stays, and nothing flickers.
std::string redrawn(std::string_view text, std::size_t rows) {
  std::string screen(home);
  screen += wrapping_off;
  for (const char c : clipped(text, rows)) {
    if (c == '\n') screen += clear_to_line_end;
    screen += c;
  }
  return screen.append(clear_below).append(wrapping_on);
}

}  // namespace

DashboardOutput::DashboardOutput(const DashboardOptions& options, RunContext& run,
                                 const std::vector<dashboard::PlannedSource>& sources,
                                 Reactor* reactor, std::function<void()> drained)
    : run_(run),
      reactor_(reactor),
      drained_(std::move(drained)),
      redraws_(options.watch && run.io.out_is_terminal && run.common.output == standard_stream &&
               !run.common.dry_run),
      renderer_(make_renderer(options, run, sources)) {
  // Now, and not after the first dashboards have been fetched: there may be no such place.
  destination_.emplace(run.common.output, run);
  if (redraws_) hide_cursor();
}

DashboardOutput::~DashboardOutput() {
  try {
    give_cursor_back();
  } catch (const std::exception&) {
    // The terminal has gone, and its cursor with it.
    return;
  }
}

void DashboardOutput::hide_cursor() {
  run_.io.out->write(cursor_hidden);
  cursor_is_hidden_ = true;
  if (run_.shutdown != nullptr)
    last_words_ = run_.shutdown->last_words().add([this] { run_.io.out->write(cursor_shown); });
}

void DashboardOutput::give_cursor_back() {
  if (std::exchange(cursor_is_hidden_, false)) run_.io.out->write(cursor_shown);
}

void DashboardOutput::start_round() {
  if (!destination_) destination_.emplace(run_.common.output, run_);
  outbox_.emplace(destination_->sink(), reactor_, drained_);
  write(renderer_->start());
}

void DashboardOutput::show(const dashboard::Dashboard& one) {
  constexpr std::size_t usual = 64 << 10;
  if (text_.capacity() > usual) text_ = {};
  text_.clear();
  renderer_->show(one, text_);
  write(text_);
}

void DashboardOutput::write(std::string_view text) {
  run_.totals.bytes_out += text.size();
  if (redraws_)
    screen_ += text;
  else
    outbox_->put(text);
}

void DashboardOutput::flush() {
  if (outbox_) outbox_->flush();
}

void DashboardOutput::finish_round(bool whole) {
  write(renderer_->finish());
  if (redraws_) outbox_->put(redrawn(std::exchange(screen_, {}), run_.io.out_rows()));
  outbox_->finish();
  outbox_.reset();
  if (!whole || run_.io.stop.stop_requested()) return;  // half a page is none
  destination_->finish();
  destination_.reset();
}

}  // namespace nodeops
