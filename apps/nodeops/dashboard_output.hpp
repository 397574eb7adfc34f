// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dashboard.hpp"
#include "dashboard/fan_out.hpp"
#include "dashboard/outbox.hpp"
#include "dashboard/render.hpp"
#include "destination.hpp"
#include "run_context.hpp"

namespace nodeops {

/// Where the dashboards go, and how they look there. Made in rounds: a terminal is redrawn in each
/// one, a file replaced as a whole behind each one, a pipe written on.
class DashboardOutput {
 public:
  /// `reactor` may be null: the output is then waited for. `drained` is called when is_full() has
  /// become false.
  DashboardOutput(const DashboardOptions& options, RunContext& run,
                  const std::vector<dashboard::PlannedSource>& sources, Reactor* reactor,
                  std::function<void()> drained);
  /// Gives the cursor back if it was hidden.
  ~DashboardOutput();
  DashboardOutput(const DashboardOutput&) = delete;
  DashboardOutput& operator=(const DashboardOutput&) = delete;

  void start_round();
  void show(const dashboard::Dashboard& one);
  /// Writes what is there, and waits for it. A file of this round is put in its place.
  void finish_round(bool whole);

  /// Writes what the destination takes now.
  void flush();
  bool is_full() const { return outbox_ && outbox_->is_full(); }

  const std::string& path() const { return run_.common.output; }

 private:
  void write(std::string_view text);
  void hide_cursor();
  void give_cursor_back();

  RunContext& run_;
  Reactor* reactor_;
  const std::function<void()> drained_;
  const bool redraws_;
  bool cursor_is_hidden_ = false;
  std::string text_;    ///< of the latest dashboard
  std::string screen_;  ///< of this round, if it is to be redrawn
  std::unique_ptr<dashboard::Renderer> renderer_;
  std::optional<Destination> destination_;  ///< of this round
  std::optional<dashboard::Outbox> outbox_;
  Listeners::Ticket last_words_;  ///< gives the cursor back when the process is ended at once
};

}  // namespace nodeops
