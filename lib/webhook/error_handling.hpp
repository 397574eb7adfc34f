// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <string>

#include "webhook/problem.hpp"

namespace nodeops::webhook {

/// What an error of any stage is to the sender, with its texts masked: the one place where errors
/// are classified. A DeliveryError says it itself; out of memory or of another resource is a 503;
/// whatever nobody expects is a programmer error, a 500 that tells nothing of the inside.
Problem problem_of(const std::exception_ptr& error);

/// Throws what has ended a run. Out of memory outside of a delivery is nothing that comes back by
/// waiting: it is thrown on as a bug.
[[noreturn]] void rethrow_fatal(const std::exception_ptr& error);

/// The exception's own words, for the log; they may name the inside.
std::string words_of(const std::exception_ptr& error);

}  // namespace nodeops::webhook
