// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nodeops::dashboard {

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
  std::vector<std::string> profiles_;  ///< members of an object, as JSON, without the user's id
  std::vector<std::string> orders_;    ///< objects
  std::vector<std::string> notifications_;
};

}  // namespace nodeops::dashboard
