// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>

#include "core/seeded_random.hpp"
#include "webhook/problem.hpp"

namespace nodeops::webhook {

/// What became of a delivery. Each has exactly one.
enum class Outcome { processed, duplicate, ignored, rejected, deferred, dead_lettered };

std::string_view name_of(Outcome outcome);

/// How many deliveries ended how.
class OutcomeCounts {
 public:
  void add(Outcome outcome) { ++counts_[static_cast<std::size_t>(outcome)]; }
  std::uint64_t of(Outcome outcome) const { return counts_[static_cast<std::size_t>(outcome)]; }
  std::uint64_t total() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
  }
  /// Processed, duplicate or ignored: what the sender need not send again.
  std::uint64_t accepted() const {
    return of(Outcome::processed) + of(Outcome::duplicate) + of(Outcome::ignored);
  }
  /// `{"processed":…,…}`.
  std::string json() const;

 private:
  std::array<std::uint64_t, 6> counts_{};
};

/// The answer to one delivery.
struct Response {
  std::uint64_t number = 0;
  std::string event_id = {};  ///< empty: none is known
  Outcome outcome = Outcome::processed;
  std::chrono::microseconds elapsed{};
  std::optional<Problem> problem = {};  ///< masked; empty: 200
  std::string instance = {};            ///< "urn:uuid:…", with a problem

  int status() const { return problem ? problem->status : 200; }
};

/// The problem as an object of RFC 9457.
std::string problem_json(const Problem& problem, std::string_view instance);

/// Adds the response as one line of NDJSON.
void append_response(std::string& lines, const Response& response);

/// A new random name, "urn:uuid:…" (RFC 9562, version 4).
std::string new_instance(SeededRandom& random);

}  // namespace nodeops::webhook
