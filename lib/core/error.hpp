// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace nodeops {

/// What kind of operational failure ends a command. Each kind has one exit status, given in
/// apps/nodeops/exit_code.cpp and listed in nodeops(1).
enum class ErrorKind {
  usage,          ///< wrong option, value or combination
  bad_data,       ///< the input is malformed and the policy is to stop
  over_limit,     ///< the input wants more than an option allows: time, pixels, bytes
  no_input,       ///< an input does not exist or cannot be opened
  unavailable,    ///< something needed is not there: a database, a required source
  cannot_create,  ///< an output cannot be created
  io_failed,      ///< reading or writing failed while running: disk full, device error
  try_later,      ///< a lock is held, a resource is short
  bad_protocol,   ///< the remote side answered with something that is not the protocol
  bad_config,     ///< a configuration file is wrong
  closed_pipe,    ///< whoever read our output went away; ends the run without a message
  interrupted,    ///< the stop token was triggered; ends the run without a message
};

/// The slug of a kind for `urn:nodeops:error:…`, such as "bad-data".
std::string_view slug(ErrorKind kind);

/// An operational error that ends the command. `what()` is one line, lower case, without a full
/// stop, and starts with the thing it is about: "sales.csv:17: quote never closes". `advice`, when
/// not empty, is what the user can do about it; it is shown in parentheses behind the message.
class AppError : public std::runtime_error {
 public:
  AppError(ErrorKind kind, const std::string& message, std::string advice = {})
      : std::runtime_error(message), kind_(kind), advice_(std::move(advice)) {}

  ErrorKind kind() const { return kind_; }
  const std::string& advice() const { return advice_; }

  /// The message with the advice in parentheses, as the user reads it.
  std::string line() const;

 private:
  ErrorKind kind_;
  std::string advice_;
};

/// An AppError about a system call: "PATH: cannot WHAT: No space left on device".
/// `error_number` is an errno value.
AppError system_failure(ErrorKind kind, std::string_view path, std::string_view what,
                        int error_number);

}  // namespace nodeops
