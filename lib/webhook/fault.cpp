// SPDX-License-Identifier: MIT
#include "webhook/fault.hpp"

#include <signal.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>

#include "core/error.hpp"
#include "core/units.hpp"
#include "task/pause.hpp"
#include "webhook/problem.hpp"

namespace nodeops::webhook {
namespace {

constexpr std::array<std::string_view, 9> stage_names = {
    "read", "verify", "parse", "validate", "claim", "apply", "db", "commit", "respond"};
constexpr std::array<std::string_view, 6> kind_names = {"down", "slow",  "locked",
                                                        "full", "throw", "crash"};

[[noreturn]] void refuse(std::string_view text) {
  throw AppError(
      ErrorKind::usage,
      "--fault: '" + std::string(text) +
          "' is not allowed; allowed: STAGE:KIND[:P], STAGE one of read, verify, parse, "
          "validate, claim, apply, db, commit, respond, KIND one of down, slow=DURATION, "
          "locked, full, throw, crash, P a probability from 0 to 1");
}

/// The place of a name in its table.
template <class Name, std::size_t Size>
std::optional<Name> named(std::string_view text, const std::array<std::string_view, Size>& names) {
  const auto* const found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) return std::nullopt;
  return static_cast<Name>(found - names.begin());
}

/// What stands before the separator; the rest stays in `text`. Empty rest when there is none.
std::string_view cut(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  return part;
}

[[noreturn]] void throw_database(const char* detail, bool retryable) {
  throw DeliveryError(Problem{.status = 503,
                              .type = "database-unavailable",
                              .title = "Database unavailable",
                              .detail = detail,
                              .retryable = retryable});
}

}  // namespace

Fault parse_fault(std::string_view text) {
  std::string_view rest = text;
  const auto stage = named<Stage>(cut(rest, ':'), stage_names);
  const bool says_probability = rest.find(':') != std::string_view::npos;
  std::string_view kind_text = cut(rest, ':');
  const bool says_time = kind_text.find('=') != std::string_view::npos;
  const auto kind = named<FaultKind>(cut(kind_text, '='), kind_names);
  if (!stage || !kind || says_time != (kind == FaultKind::slow)) refuse(text);
  Fault fault{.stage = *stage, .kind = *kind};
  if (says_time) {
    const auto time = parse_duration(kind_text);
    if (!time) refuse(text);
    fault.time = *time;
  }
  if (says_probability) {
    const auto [end, error] =
        std::from_chars(rest.data(), rest.data() + rest.size(), fault.probability);
    const bool whole = error == std::errc{} && end == rest.data() + rest.size();
    if (!whole || !(fault.probability >= 0 && fault.probability <= 1)) refuse(text);
  }
  return fault;
}

Faults::Faults(std::vector<Fault> faults, std::uint64_t seed, std::stop_token stop)
    : faults_(std::move(faults)), random_(seed), stop_(std::move(stop)) {
  for (const Fault& fault : faults_) at_[static_cast<std::size_t>(fault.stage)] = true;
}

void Faults::strike_one_of(Stage stage) {
  for (const Fault& fault : faults_) {
    if (fault.stage != stage || !random_.chance(fault.probability)) continue;
    switch (fault.kind) {
      case FaultKind::slow:
        pause_until(Deadline::after(fault.time), stop_);
        break;
      case FaultKind::down:
        throw_database("the database does not answer (injected fault)", true);
      case FaultKind::locked:
        throw_database("the database is locked (injected fault)", true);
      case FaultKind::full:
        throw_database("the database's disk is full (injected fault)", false);
      case FaultKind::thrown:
        throw std::logic_error("a programmer error (injected fault)");
      case FaultKind::crash:
        ::raise(SIGKILL);
    }
  }
}

}  // namespace nodeops::webhook
