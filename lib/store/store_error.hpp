// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>
#include <string>

namespace nodeops::store {

/// What a database's error means to who called it.
enum class StoreFailure {
  busy,         ///< somebody else holds it for longer than we may wait
  crossed,      ///< two transactions stood in each other's way: at once again
  full,         ///< its disk is full
  unavailable,  ///< it does not answer, or cannot be read or written now
  corrupt,      ///< its file or pages are damaged
  denied,       ///< this user may not do that: nothing helps but other rights
  refused,      ///< this row breaks a constraint or a type; the next one may be right
  misuse,       ///< the statement is wrong: a programmer error
};

/// A database's error, with its own message. Throwing it leaves an open transaction to be rolled
/// back.
class StoreError : public std::runtime_error {
 public:
  StoreError(StoreFailure failure, const std::string& message)
      : std::runtime_error(message), failure_(failure) {}
  StoreFailure failure() const { return failure_; }

  /// True when it is about one row, not about the database.
  bool of_one_row() const {
    return failure_ == StoreFailure::refused || failure_ == StoreFailure::misuse;
  }

 private:
  StoreFailure failure_;
};

}  // namespace nodeops::store
