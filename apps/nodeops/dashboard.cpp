// SPDX-License-Identifier: MIT
#include "dashboard.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "core/error.hpp"
#include "core/result.hpp"
#include "core/units.hpp"
#include "dashboard/batch.hpp"
#include "dashboard/exec_child.hpp"
#include "dashboard_limits.hpp"
#include "dashboard_output.hpp"
#include "dashboard_report.hpp"
#include "dashboard_sources.hpp"
#include "dashboard_users.hpp"
#include "exit_code.hpp"
#include "observe/log.hpp"
#include "run_context.hpp"
#include "task/event_loop.hpp"
#include "task/resources.hpp"
#include "task/shutdown.hpp"

namespace nodeops {
namespace {

using namespace std::chrono_literals;
using dashboard::Batch;
using dashboard::Dashboard;
using dashboard::DashboardStatus;

/// One run of the command.
class DashboardRun {
 public:
  DashboardRun(const DashboardOptions& options, RunContext& run)
      : options_(options),
        run_(run),
        loop_(options.virtual_clock ? nullptr : std::make_unique<EventLoop>()),
        users_(options, run),
        sources_(dashboard_sources(options, timers(), reactor())),
        output_(options, run, sources_, reactor(), [this] { batch_->wake(); }) {}

  int go() {
    Listeners::Ticket last_words;
    if (run_.shutdown != nullptr)
      last_words = run_.shutdown->last_words().add([] { dashboard::ExecChild::kill_all(); });
    make_batch();
    if (options_.watch)
      watch();
    else
      once();
    report_dashboards(run_, counts_, sources_, batch_->fan_out(),
                      loop_ ? &loop_->stalls() : nullptr);
    if (run_.io.stop.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
    if (input_failure_) std::rethrow_exception(input_failure_);
    say_what_would_be_written();
    return status();
  }

 private:
  Timers& timers() { return loop_ ? static_cast<Timers&>(*loop_) : virtual_timers_; }
  Reactor* reactor() { return loop_.get(); }
  void make_batch() {
    batch_.emplace(
        timers(), sources_,
        dashboard::FanOut::Options{.budget = options_.budget,
                                   .seed = options_.seed,
                                   .retrying = [this](const auto& again) { tell_retry(again); }},
        Batch::Options{.concurrency = concurrency_for(options_, run_.common),
                       .longest_turn = loop_ ? std::optional<Clock::duration>(1ms) : std::nullopt,
                       .ordered = !options_.unordered,
                       .first_wave = first_wave_for(options_, run_.common),
                       .most_bytes = bytes_for(run_.common)},
        Batch::Ends{.next = [this] { return next_user(); },
                    .exhausted = [this] { return users_.over(); },
                    .may_start = [this] { return !output_.is_full(); },
                    .show = [this](const Dashboard& one) { show(one); }});
  }

  /// What is wrong with the input ends it; what has been started is still shown.
  std::optional<std::string> next_user() {
    auto user = settle([&] { return loop_ ? users_.next(false) : next_of_virtual_time(); });
    if (user) return std::move(user.value());
    input_failure_ = user.error();
    users_.give_up();
    return std::nullopt;
  }

  /// Simulated time stands still while input is waited for. So what is in flight goes first, unless
  /// its order would tell when the input came.
  std::optional<std::string> next_of_virtual_time() {
    auto user = users_.next(false);
    const bool others_go_first = !options_.unordered && batch_->fan_out().in_flight() > 0;
    if (user || users_.over() || others_go_first) return user;
    flush();
    return users_.next(true);
  }

  void show(const Dashboard& one) {
    ++run_.totals.items_in;
    counts_.add(one.status);
    const bool failed = one.status == DashboardStatus::failed ||
                        (options_.strict && one.status == DashboardStatus::partial);
    ++(failed ? run_.totals.items_failed : run_.totals.items_ok);
    if (failed) tell_failure(one);
    output_.show(one);
    if (++unflushed_ == 1 && loop_) loop_->at(loop_->now(), [this] { flush(); });
    tell_soon();
  }

  /// What has been done is told ten times a second, and not much later when nothing follows it.
  void tell_soon() {
    if (Clock::now() - told_ >= 100ms)
      tell();
    else if (loop_ && telling_ == 0)
      telling_ = loop_->at(told_ + 100ms, [this] { tell(); });
  }

  void tell() {
    if (loop_) loop_->cancel(std::exchange(telling_, 0));
    told_ = Clock::now();
    run_.metrics.show(dashboard_metrics(counts_, sources_, batch_->fan_out()));
    run_.events.emit(Progress{.totals = run_.totals.snapshot(), .elapsed = told_ - started_});
  }

  /// What has settled in one turn leaves in one write.
  void flush() {
    unflushed_ = 0;
    output_.flush();
  }

  void tell_failure(const Dashboard& one) {
    std::string detail;
    for (std::size_t i = 0; i < one.outcomes.size(); ++i) {
      const auto& failure = one.outcomes[i].failure;
      if (failure)
        detail += (detail.empty() ? "" : "; ") + sources_[i].plan.name + ": " + failure->detail;
    }
    constexpr std::size_t longest_name = 200;
    run_.events.emit(ItemFailed{.item = one.user.substr(0, longest_name),
                                .type = "dashboard-" + std::string(name_of(one.status)),
                                .detail = detail});
  }

  void tell_retry(const dashboard::FanOut::Options::Again& again) {
    run_.events.emit(Retry{.what = sources_[again.source].plan.name,
                           .attempt = again.attempt,
                           .wait = again.wait,
                           .detail = again.failure.detail});
  }

  void once() {
    output_.start_round();
    run_batch();
    output_.finish_round(input_failure_ == nullptr);
  }

  void watch() {
    users_.keep_all();
    while (!run_.io.stop.stop_requested()) {
      const auto next = Clock::now() + *options_.watch;
      users_.start_again();
      once();
      wait_until(next);
    }
  }

  void wait_until(Clock::time_point time) {
    bool over = false;
    const TimerId timer = loop_->at(time, [&over] { over = true; });
    loop_->run([&] { return over || run_.io.stop.stop_requested(); }, run_.io.stop.get_token());
    loop_->cancel(timer);
  }

  void run_batch() {
    batch_->wake();
    if (loop_)
      run_real();
    else
      run_virtual();
  }

  void run_virtual() {
    while (!batch_->over()) {
      if (run_.io.stop.stop_requested()) batch_->stop();
      if (!virtual_timers_.run_next()) batch_->wake();
    }
  }

  void run_real() {
    watch_input();
    bool stopping = false;
    const auto done = [&] {
      if (users_.over()) unwatch_input();
      if (run_.io.stop.stop_requested() && !std::exchange(stopping, true)) stop();
      return batch_->over();
    };
    loop_->run(done, run_.io.stop.get_token());
    unwatch_input();
    reap();
  }

  /// While there is no room for more, input that is there must not keep the loop turning.
  void watch_input() {
    const int descriptor = users_.waitable();
    if (descriptor < 0) return;
    input_ = loop_->watch(descriptor, {.readable = true}, [this](Readiness) {
      loop_->watch_for(input_, {});
      input_pause_ = loop_->after(1ms, [this] { loop_->watch_for(input_, {.readable = true}); });
      batch_->wake();
    });
  }

  void unwatch_input() {
    loop_->unwatch(std::exchange(input_, 0));
    loop_->cancel(std::exchange(input_pause_, 0));
  }

  /// What is in flight may finish, but not for longer than a shutdown may take.
  void stop() {
    batch_->stop();
    loop_->at(loop_->now() + 5s, [this] { batch_->fan_out().cancel_all(); });
  }

  /// Waits until all that was cut off has released what it held, within a bound.
  void reap() {
    if (batch_->fan_out().reaping() == 0) return;
    bool late = false;
    const TimerId timer = loop_->at(loop_->now() + 2s, [&late] { late = true; });
    loop_->run([&] { return late || batch_->fan_out().reaping() == 0; }, {});
    loop_->cancel(timer);
  }

  void say_what_would_be_written() {
    if (!run_.common.dry_run) return;
    log::say("dry run: would write " + std::to_string(counts_.total()) + " dashboards, " +
             std::to_string(run_.totals.bytes_out) + " bytes, to " + output_.path());
  }

  int status() const {
    if (run_.totals.items_failed == 0) return exit_done;
    return counts_.total() == 1 && counts_.failed == 1 ? exit_code(ErrorKind::unavailable)
                                                       : exit_some_failed;
  }

  const DashboardOptions& options_;
  RunContext& run_;
  std::unique_ptr<EventLoop> loop_;  ///< null on the virtual clock
  VirtualTimers virtual_timers_;
  DashboardUsers users_;
  std::vector<dashboard::PlannedSource> sources_;
  DashboardOutput output_;
  std::optional<Batch> batch_;
  DashboardCounts counts_;
  std::exception_ptr input_failure_;
  std::size_t unflushed_ = 0;
  Clock::time_point started_ = Clock::now();
  Clock::time_point told_ = started_;
  TimerId telling_ = 0;
  WatchId input_ = 0;
  TimerId input_pause_ = 0;
};

void check(const DashboardOptions& options) {
  const bool waterfall_has_no_place =
      options.format == DashboardFormat::json || options.format == DashboardFormat::ndjson;
  if (options.timeline && waterfall_has_no_place)
    throw AppError(ErrorKind::usage, "--timeline: goes with --format table or html");
  if (!options.virtual_clock) return;
  if (options.watch) throw AppError(ErrorKind::usage, "--watch: goes with --clock real");
  if (options.breaker) throw AppError(ErrorKind::usage, "--breaker: goes with --clock real");
  if (options.questions_per_second > 0)
    throw AppError(ErrorKind::usage, "--rate: goes with --clock real");
}

}  // namespace

Roles roles_of(const DashboardOptions& options) {
  return {.inputs = {},
          .own = {{"--token-file", options.token_file}, {"--tls-ca", options.tls_ca}}};
}

int dashboard_command(const DashboardOptions& options, RunContext& run) {
  check(options);
  return DashboardRun(options, run).go();
}

}  // namespace nodeops
