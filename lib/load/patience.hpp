// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "core/deadline.hpp"
#include "core/error.hpp"
#include "observe/events.hpp"
#include "store/store_error.hpp"
#include "task/retry.hpp"

namespace nodeops::load {

/// What a database's failure comes to when it is not tried again; `shown` is the database, `doing`
/// what failed: "cannot make the table".
AppError error_of(const store::StoreError& error, const std::string& shown, ErrorKind when_refused,
                  const std::string& doing);

/// True when trying again may help.
bool is_passing(const store::StoreError& error);

/// Waits between the tries of one thing, as long as it may.
class Patience {
 public:
  Patience(std::chrono::milliseconds retry_for, std::stop_token stop, RunEvents& events);

  /// Another thing is tried: its failures have all the time again.
  void start() { attempt_ = 0; }

  /// Waits before the next try; false when there is no time left. Throws AppError interrupted.
  bool wait(const std::string& what, const std::string& why);

  unsigned retries() const { return retries_; }

 private:
  std::chrono::milliseconds retry_for_;
  std::stop_token stop_;
  RunEvents& events_;
  SeededRandom random_;
  Deadline until_ = Deadline::never();
  unsigned attempt_ = 0;
  unsigned retries_ = 0;
};

}  // namespace nodeops::load
