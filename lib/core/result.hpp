// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <type_traits>
#include <utility>
#include <variant>

namespace nodeops {

/// What a command counts: a value, or the reason why there is none. Throwing is for what stops the
/// command; a Result is for one item of many.
template <class T>
class Result {
 public:
  Result(T value)
      : outcome_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit is the point
  Result(std::exception_ptr error)
      : outcome_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  explicit operator bool() const { return outcome_.index() == 0; }

  /// The value; of a failure, throws that failure.
  T& value() {
    if (outcome_.index() == 1) std::rethrow_exception(std::get<1>(outcome_));
    return std::get<0>(outcome_);
  }

  /// The failure; null when there is a value.
  std::exception_ptr error() const {
    return outcome_.index() == 1 ? std::get<1>(outcome_) : nullptr;
  }

 private:
  std::variant<T, std::exception_ptr> outcome_;
};

/// Calls f and turns what it throws into a Result: the only bridge in that direction.
template <class F>
auto settle(F&& f) -> Result<std::invoke_result_t<F>> {
  try {
    return std::forward<F>(f)();
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace nodeops
