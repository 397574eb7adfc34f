// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dashboard/fan_out.hpp"
#include "task/timer_queue.hpp"

namespace nodeops::test {

/// What a scripted source does with one question.
struct Script {
  Clock::duration after{};
  std::string json = "{}";
  bool hangs = false;
  bool fails = false;
  bool retryable = true;
  bool was_asked = true;
  std::optional<Clock::duration> asked_to_wait = {};
};

/// A source that follows a script, one entry for each attempt; the last one repeats.
class ScriptedSource : public dashboard::Source {
 public:
  ScriptedSource(Timers& timers, std::vector<Script> entries)
      : script(std::move(entries)), timers_(timers) {}

  std::unique_ptr<dashboard::Request> ask(const dashboard::Question& question, Done done) override {
    ++asked;
    const Script& entry = script.at(std::min<std::size_t>(question.attempt, script.size()) - 1);
    return std::make_unique<Pending>(*this, entry, std::move(done));
  }

  std::vector<Script> script;
  int asked = 0;
  int cancelled = 0;

 private:
  class Pending : public dashboard::Request {
   public:
    Pending(ScriptedSource& source, const Script& entry, Done done)
        : source_(source), done_(std::move(done)) {
      if (entry.hangs) return;
      timer_ = source.timers_.at(source.timers_.now() + entry.after, [this, entry] {
        timer_ = 0;
        answered_ = true;
        dashboard::Answer answer{.json = entry.json};
        if (entry.fails) {
          answer.json.clear();
          answer.failure = std::make_unique<dashboard::SourceFailure>(
              dashboard::SourceFailure{.type = "source-failed",
                                       .title = "Source failed",
                                       .detail = "scripted",
                                       .retryable = entry.retryable,
                                       .was_asked = entry.was_asked,
                                       .asked_to_wait = entry.asked_to_wait});
        }
        const Done tell = std::move(done_);
        tell(std::move(answer));
      });
    }
    ~Pending() override {
      source_.timers_.cancel(timer_);
      if (!answered_) ++source_.cancelled;
    }

   private:
    ScriptedSource& source_;
    Done done_;
    TimerId timer_ = 0;
    bool answered_ = false;
  };

  Timers& timers_;
};

/// A fan-out on simulated time over scripted sources.
class FanOutBench {
 public:
  using Options = dashboard::FanOut::Options;

  /// The source stays the bench's.
  ScriptedSource& add(dashboard::SourcePlan plan, std::vector<Script> script,
                      dashboard::Guard::Options guard = {}) {
    auto source = std::make_unique<ScriptedSource>(timers, std::move(script));
    ScriptedSource& added = *source;
    sources.push_back({.plan = std::move(plan),
                       .source = std::move(source),
                       .guard = dashboard::Guard(guard, timers.now())});
    return added;
  }

  void start(const std::string& user = "42") {
    if (!fan_out) {
      fan_out = std::make_unique<dashboard::FanOut>(
          timers, sources, options,
          [this](dashboard::Dashboard one) { settled.push_back(std::move(one)); });
    }
    fan_out->start(user, settled.size());
  }

  /// Starts one dashboard and runs until all that is due by then is done.
  const dashboard::Dashboard& settle(const std::string& user = "42") {
    start(user);
    while (timers.run_next()) {
    }
    return settled.back();
  }

  VirtualTimers timers{Clock::time_point(std::chrono::hours(1))};
  std::vector<dashboard::PlannedSource> sources;
  Options options;
  std::unique_ptr<dashboard::FanOut> fan_out;
  std::vector<dashboard::Dashboard> settled;
};

}  // namespace nodeops::test
