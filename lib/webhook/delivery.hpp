// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "webhook/problem.hpp"

namespace nodeops::webhook {

/// One delivery as it came.
struct Delivery {
  std::uint64_t number = 0;  ///< from 1, in the order of the input
  std::string place;         ///< "events.ndjson:17"
  std::string body;          ///< raw bytes
  std::vector<std::pair<std::string, std::string>> headers = {};  ///< names in lower case
  std::optional<std::int64_t> received_at = {};                   ///< unix seconds
  std::optional<unsigned> redrives = {};   ///< of a dead letter: how often it was tried before
  std::optional<Problem> unreadable = {};  ///< set by the reader: a body that is too large ...

  /// The values of a header, which may come several times, in their order.
  std::vector<std::string_view> values(std::string_view name) const {
    std::vector<std::string_view> found;
    for (const auto& [key, value] : headers)
      if (key == name) found.emplace_back(value);
    return found;
  }
};

}  // namespace nodeops::webhook
