// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <optional>

#include "core/result.hpp"
#include "store/store_error.hpp"

namespace nodeops::webhook {

/// What a database's error is; empty when it is no StoreError.
std::optional<store::StoreFailure> store_failure(const std::exception_ptr& error);

/// True when one event is the reason, not the database.
bool is_of_one_event(const std::exception_ptr& error);

/// What a sender is told: DeliveryError 503 for a StoreError of the database, std::logic_error for
/// one of a single row, everything else as it is.
std::exception_ptr for_senders(const std::exception_ptr& error);

/// Calls f; what it throws is thrown for senders.
template <class Call>
auto told(Call&& call) {
  auto result = settle(std::forward<Call>(call));
  if (!result) std::rethrow_exception(for_senders(result.error()));
  return std::move(result.value());
}

}  // namespace nodeops::webhook
