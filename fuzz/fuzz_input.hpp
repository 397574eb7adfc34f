// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace nodeops::fuzz {

/// What libFuzzer gives: choices from its first bytes, text from the rest.
class FuzzInput {
 public:
  FuzzInput(const std::uint8_t* data, std::size_t size)
      : left_(reinterpret_cast<const char*>(data), size) {}

  /// A number below `limit`; 0 when the input has run out.
  std::size_t choose(std::size_t limit) {
    if (left_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(left_.front());
    left_.remove_prefix(1);
    return byte % limit;
  }

  std::string_view rest() const { return left_; }

 private:
  std::string_view left_;
};

/// Ends the fuzzer with a finding when the claim does not hold.
inline void require(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", claim);
  std::abort();
}

}  // namespace nodeops::fuzz
