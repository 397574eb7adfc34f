// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string_view>
#include <vector>

#include "core/seeded_random.hpp"

namespace nodeops::webhook {

/// Where a fault can be put. `db` is the call of the database for one delivery, `apply` within its
/// transaction, `commit` right before COMMIT, `respond` right after it and before the answer.
enum class Stage { read, verify, parse, validate, claim, apply, db, commit, respond };

enum class FaultKind {
  down,    ///< the database does not answer
  slow,    ///< waits first
  locked,  ///< somebody else holds the database
  full,    ///< the disk is full
  thrown,  ///< a programmer error
  crash,   ///< the process ends at once, as by kill -9: nothing is flushed
};

/// One fault of `--fault`: "db:down:0.3", "db:slow=200ms", "commit:crash".
struct Fault {
  Stage stage = Stage::db;
  FaultKind kind = FaultKind::down;
  std::chrono::nanoseconds time{};  ///< of slow
  double probability = 1;
};

/// Throws AppError usage that names what is allowed.
Fault parse_fault(std::string_view text);

/// Makes things go wrong on purpose, the same things for the same seed.
class Faults {
 public:
  Faults() : Faults({}, 0, {}) {}
  /// The stop ends the wait of a slow one.
  Faults(std::vector<Fault> faults, std::uint64_t seed, std::stop_token stop);

  /// True when something can go wrong there.
  bool has(Stage stage) const { return at_[static_cast<std::size_t>(stage)]; }

  /// Nothing, a wait, or the end of the process. Throws DeliveryError 503, and std::logic_error for
  /// a programmer error.
  void strike(Stage stage) {
    if (has(stage)) strike_one_of(stage);
  }

 private:
  static constexpr std::size_t stages = 9;
  void strike_one_of(Stage stage);

  std::vector<Fault> faults_;
  std::array<bool, stages> at_{};
  SeededRandom random_;
  std::stop_token stop_;
};

}  // namespace nodeops::webhook
