// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/deadline.hpp"

namespace nodeops::dashboard {

/// Why a source has no answer; becomes a problem object (RFC 9457) in the dashboard.
struct SourceFailure {
  std::string type = {};  ///< slug of `urn:nodeops:error:…`
  std::string title = {};
  int status = 502;
  std::string detail = {};
  bool retryable = false;     ///< the same question may have luck later
  bool blames_source = true;  ///< false: the question was wrong, the source is well
  bool was_asked = true;      ///< false: the question was not even sent
  std::optional<Clock::duration> asked_to_wait = {};  ///< Retry-After
};

/// What a source says: one JSON text on one line, or why there is none.
struct Answer {
  std::string json;
  std::unique_ptr<SourceFailure> failure = nullptr;
};

/// A question on its way. Destroying it cancels it: the answer will not come, and what the question
/// holds is released, by the source in its own time if need be.
class Request {
 public:
  virtual ~Request() = default;
};

/// One question to a source.
struct Question {
  const std::string& user;
  unsigned attempt;   ///< from 1
  Deadline deadline;  ///< the asker cuts it off then; a source need not watch it
};

/// Where a part of a dashboard comes from.
class Source {
 public:
  using Done = std::function<void(Answer)>;

  virtual ~Source() = default;

  /// Asks. `done` is called once, never from inside ask(), and is the last that the request does:
  /// it may destroy the request. Problems are answers; nothing is thrown.
  virtual std::unique_ptr<Request> ask(const Question& question, Done done) = 0;

  /// How many requests have gone whose resources (a process, a connection) are not yet released.
  virtual std::size_t reaping() const { return 0; }
};

}  // namespace nodeops::dashboard
