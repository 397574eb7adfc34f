// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nodeops::dashboard {

/// The rows of a table, each as JSON.
struct MockRows {
  std::vector<std::string> all;
  std::size_t longest = 0;  ///< bytes

  void add(std::string row) {
    longest = std::max(longest, row.size());
    all.push_back(std::move(row));
  }
};

/// What the mocks answer with: three small tables of fixed columns, the bundled ones or those of a
/// directory.
///
///     profile.csv         name,email,city,country,plan,since
///     orders.csv          item,amount,currency,status,ordered_on
///     notifications.csv   kind,text,read
///
/// A user's rows are picked by the user's id and the seed, always the same ones.
class MockData {
 public:
  /// The bundled tables.
  MockData();
  /// The tables of a directory. Throws AppError: no_input when one of the three cannot be opened,
  /// bad_data that names file and line.
  explicit MockData(const std::string& directory);

  /// The JSON that the mock of this name answers: an object for a profile, an array of at most
  /// four orders, of at most five notifications, and for every other name an object that says who
  /// asked whom.
  std::string answer(std::string_view source, const std::string& user, std::uint64_t seed) const;

 private:
  MockRows profiles_;  ///< members of an object, without the user's id
  MockRows orders_;    ///< objects
  MockRows notifications_;
};

}  // namespace nodeops::dashboard
