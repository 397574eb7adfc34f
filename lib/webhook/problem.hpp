// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace nodeops::webhook {

/// One wrong place of a body.
struct FieldError {
  std::string pointer;  ///< JSON Pointer (RFC 6901)
  std::string detail;
};

/// What a delivery is answered with when it cannot be applied (RFC 9457).
struct Problem {
  int status = 500;
  std::string type;  ///< slug of `urn:nodeops:error:…`
  std::string title;
  std::string detail;
  std::vector<FieldError> errors = {};
  std::optional<std::uint64_t> retry_after_s = {};
  bool operational = true;  ///< false: a programmer error
  bool retryable = false;   ///< trying the same again may help, soon
};

/// What stops one delivery, not the run.
class DeliveryError : public std::runtime_error {
 public:
  explicit DeliveryError(Problem problem)
      : std::runtime_error(problem.detail), problem_(std::move(problem)) {}

  const Problem& problem() const { return problem_; }

 private:
  Problem problem_;
};

}  // namespace nodeops::webhook
