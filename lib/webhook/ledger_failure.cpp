// SPDX-License-Identifier: MIT
#include "webhook/ledger_failure.hpp"

#include <new>
#include <stdexcept>

#include "webhook/problem.hpp"

namespace nodeops::webhook {
namespace {

/// The error as what it is thrown as; null when it is something else.
template <class Error>
std::optional<Error> as(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Error& known) {
    return known;
  } catch (...) {
    return std::nullopt;
  }
}

}  // namespace

std::optional<store::StoreFailure> store_failure(const std::exception_ptr& error) {
  const auto known = as<store::StoreError>(error);
  return known ? std::optional(known->failure()) : std::nullopt;
}

bool is_of_one_event(const std::exception_ptr& error) {
  if (const auto known = as<store::StoreError>(error)) return known->of_one_row();
  return !as<std::bad_alloc>(error);
}

std::exception_ptr for_senders(const std::exception_ptr& error) {
  const auto known = as<store::StoreError>(error);
  if (!known) return error;
  if (known->of_one_row()) return std::make_exception_ptr(std::logic_error(known->what()));
  constexpr int unavailable = 503;
  const auto failure = known->failure();
  return std::make_exception_ptr(
      DeliveryError(Problem{.status = unavailable,
                            .type = "database-unavailable",
                            .title = "Database unavailable",
                            .detail = known->what(),
                            .retryable = failure != store::StoreFailure::full &&
                                         failure != store::StoreFailure::corrupt &&
                                         failure != store::StoreFailure::denied}));
}

}  // namespace nodeops::webhook
