// SPDX-License-Identifier: MIT
#include "run_frame.hpp"

#include <filesystem>

#include "exit_code.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"
#include "stream/output_file.hpp"
#include "stream/small_file.hpp"
#include "task/resources.hpp"
#include "version.hpp"

namespace nodeops {
namespace {

/// True when `when` says so, or leaves it to whether there is a terminal.
bool wanted(When when, bool terminal) {
  return when == When::always || (when == When::automatic && terminal);
}

std::string variable(const Io& io, const char* name) {
  const auto found = io.environment.find(name);
  return found == io.environment.end() ? std::string() : found->second;
}

bool is_dumb(const Io& io) {
  return variable(io, "TERM") == "dumb";
}

bool likes_color(const Io& io, bool is_terminal) {
  return is_terminal && variable(io, "NO_COLOR").empty() && !is_dumb(io);
}

/// What --verbose tells.
void log_event(const Event& event) {
  if (const auto* opened = std::get_if<InputOpened>(&event))
    log::debug("input opened", {{"path", opened->path}});
  if (const auto* written = std::get_if<OutputWritten>(&event)) {
    log::debug("output written", {{"path", written->path}, {"bytes", written->bytes}});
  }
}

/// What the last run has written there; nothing when it cannot be read.
std::string last_metrics(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return {};
  try {
    return read_small_file(path, "the metrics");
  } catch (const AppError&) {
    return {};
  }
}

ProgressChoice progress_choice(const CommonOptions& common) {
  if (common.quiet || common.progress == When::never) return ProgressChoice::never;
  return common.progress == When::always ? ProgressChoice::always : ProgressChoice::automatic;
}

}  // namespace

RunFrame::RunFrame(const Invocation& invocation, Io& io, Shutdown* shutdown)
    : invocation_(invocation), io_(io), shutdown_(shutdown), words_(io.err) {}

bool RunFrame::shows_progress() const {
  return wanted(invocation_.common.progress, io_.err_is_terminal) && !invocation_.common.quiet;
}

void RunFrame::start_log() {
  const CommonOptions& common = invocation_.common;
  const log::Level level = common.verbose ? log::Level::debug
                           : common.quiet ? log::Level::error
                                          : log::Level::warning;
  log::start({.level = level,
              .format = common.log_json ? log::Format::json : log::Format::text,
              .color = wanted(common.color, likes_color(io_, io_.err_is_terminal)),
              .file = common.log_file,
              .command = invocation_.command,
              .write = [this](std::string_view lines) { words_.words(lines); }});
}

void RunFrame::start() {
  const CommonOptions& common = invocation_.common;
  start_log();
  if (!common.lock.empty()) lock_.emplace(common.lock);
  // What will be written at the end had better be possible now; what is not, is said once.
  can_report_ = false;
  for (const std::string& later : {common.report, common.metrics_file})
    if (!later.empty() && later != standard_stream) OutputFile::check(later);
  can_report_ = true;
  progress_.emplace(words_, totals_,
                    ProgressLine::Options{.choice = progress_choice(common),
                                          .is_terminal = io_.err_is_terminal && !is_dumb(io_),
                                          .noun = invocation_.noun,
                                          .now = io_.now});
  events_.subscribe([this](const Event& event) {
    if (std::holds_alternative<Progress>(event)) progress_->tick();
  });
  events_.subscribe([this](const Event& event) { report_.watch(event); });
  events_.subscribe(log_event);
  if (!common.events.empty()) {
    ByteSink* to = io_.out;
    if (common.events != standard_stream) {
      to = &events_file_.emplace(common.events, io_.stop.get_token());
    }
    event_stream_.emplace(*to);
    events_.subscribe([this](const Event& event) { event_stream_->watch(event); });
  }
  watch_signals();
  start_heartbeat();
  if (!common.health.empty()) start_health();
  events_.emit(
      Started{.command = invocation_.command, .version = version_number, .time = started_at_});
}

void RunFrame::watch_signals() {
  if (shutdown_ == nullptr) return;
  on_hangup_ = shutdown_->on_hangup().add([] { log::reopen(); });
  on_user_signal_ = shutdown_->on_user_signal().add([this] { log::say(progress_->line()); });
}

void RunFrame::start_heartbeat() {
  const auto interval = invocation_.common.heartbeat;
  if (interval.count() == 0) return;
  heartbeat_.emplace(
      Heartbeat::Options{.interval = interval, .on_late = [](std::chrono::microseconds late) {
                           log::warn("the heartbeat was late", {{"late_us", late.count()}});
                         }});
}

void RunFrame::start_health() {
  health_ = std::make_shared<HealthServer>(
      invocation_.common.health,
      HealthAnswers{.metrics = [this] { return prometheus_text(figures(), metrics_.shown()); }});
  // Port 0 has picked one: whoever asked for it must be told, at every log level but quiet.
  log::warn("the health endpoint listens",
            {{"address", health_->address()}, {"port", health_->port()}});
}

RunContext RunFrame::context() {
  const unsigned jobs = invocation_.common.jobs;
  return {.common = invocation_.common,
          .io = io_,
          .words = words_,
          .totals = totals_,
          .events = events_,
          .report = report_,
          .metrics = metrics_,
          .shutdown = shutdown_,
          .color = wanted(invocation_.common.color, likes_color(io_, io_.out_is_terminal)),
          .workers = jobs == 0 ? usable_processors() : jobs};
}

RunFigures RunFrame::figures() const {
  const ResourceUse used = resources_used();
  RunFigures figures{.command = invocation_.command,
                     .version = version_number,
                     .started_at = started_at_,
                     .elapsed = Clock::now() - started_,
                     .interrupted = io_.stop_signal() != 0,
                     .totals = totals_.snapshot(),
                     .peak_rss_bytes = used.peak_rss_bytes,
                     .user_time = used.user_time,
                     .system_time = used.system_time};
  if (heartbeat_) {
    const Heartbeat::Figures beats = heartbeat_->figures();
    figures.heartbeat = HeartbeatFigures{.interval = beats.interval,
                                         .beats = beats.beats,
                                         .late_p50 = beats.p50,
                                         .late_p99 = beats.p99,
                                         .late_max = beats.max};
  }
  return figures;
}

void RunFrame::write_file(const std::string& destination, const std::string& text) {
  if (destination.empty()) return;
  if (destination == standard_stream) {
    io_.out->write(text);
    return;
  }
  OutputFile file(destination);
  file.write(text);
  file.finish();
}

void RunFrame::say_summary(int status) {
  if (status > 1 || (!shows_progress() && !invocation_.common.verbose)) return;
  log::say(progress_->line());
  if (!heartbeat_ || !invocation_.tells_heartbeat) return;
  const Heartbeat::Figures beats = heartbeat_->figures();
  const auto text = [](std::chrono::microseconds late) {
    return std::to_string(late.count()) + " us";
  };
  log::say("heartbeat late by " + text(beats.p50) + " (p50), " + text(beats.p99) + " (p99), " +
           text(beats.max) + " (max)");
}

void RunFrame::finish(int status) {
  RunFigures last = figures();
  last.exit_code = status;
  if (progress_) {
    events_.emit(
        Finished{.exit_code = status, .interrupted = last.interrupted, .elapsed = last.elapsed});
    progress_->finish();
    say_summary(status);
  }
  on_user_signal_ = {};
  on_hangup_ = {};
  if (shutdown_ != nullptr) {
    for (const auto& failed : shutdown_->run_cleanups()) {
      log::warn("a cleanup task failed", {{"task", failed.name}, {"reason", failed.reason}});
    }
  }
  health_.reset();
  // Wrong usage is no run to report of, and may lie in the report's own name.
  if (!can_report_ || status == exit_code(ErrorKind::usage)) return;
  write_file(invocation_.common.report, report_.text(last));
  // A run that fails passes on when the last one did not.
  last.last_success =
      last_success_in(last_metrics(invocation_.common.metrics_file), invocation_.command);
  write_file(invocation_.common.metrics_file, prometheus_text(last, metrics_.shown()));
}

}  // namespace nodeops
