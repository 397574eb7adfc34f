// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "webhook/event.hpp"

namespace nodeops::webhook {

/// True when the whole text fits: `*` stands for any characters, `?` for one.
bool fits(std::string_view text, std::string_view glob);

/// Seconds since 1970, or RFC 3339: "2026-11-20", "2026-11-20T12:00:00Z", with an offset too.
std::optional<std::int64_t> parse_time(std::string_view text);

/// Which events of a run count. The others are left out without an answer.
struct Selection {
  std::vector<std::string> types = {};      ///< globs; one must fit; empty: all
  std::optional<std::int64_t> since = {};   ///< created then or later
  std::optional<std::int64_t> until = {};   ///< created before
  std::optional<std::uint64_t> limit = {};  ///< the run ends behind so many deliveries

  bool takes(const Event& event) const;
};

}  // namespace nodeops::webhook
