// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nodeops {

/// Where a server listens.
struct ListenAddress {
  std::string host;    ///< a numeric IPv4 or IPv6 address, without brackets
  std::uint16_t port;  ///< 0: any free one

  /// "127.0.0.1:9100", "[::1]:9100".
  std::string text() const;
};

/// "127.0.0.1:9100", "[::1]:9100", "localhost:9100" (which means 127.0.0.1). Names are not looked
/// up. Empty when the text is anything else.
std::optional<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace nodeops
