// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

namespace nodeops {

/// What a run has done up to one moment.
struct TotalsSnapshot {
  std::uint64_t items_in = 0;
  std::uint64_t items_ok = 0;
  std::uint64_t items_failed = 0;
  std::uint64_t items_skipped = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t expected_bytes = 0;  ///< of input; 0: not known
};

/// What the work counts and progress, metrics and report read. Workers add once per block, not once
/// per item. Each counter is right by itself at any time, all of them together at the end.
struct RunTotals {
  std::atomic<std::uint64_t> items_in{0};
  std::atomic<std::uint64_t> items_ok{0};
  std::atomic<std::uint64_t> items_failed{0};
  std::atomic<std::uint64_t> items_skipped{0};
  std::atomic<std::uint64_t> bytes_in{0};
  std::atomic<std::uint64_t> bytes_out{0};
  std::atomic<std::uint64_t> expected_bytes{0};  ///< of input; 0: not known

  TotalsSnapshot snapshot() const {
    return {items_in, items_ok, items_failed, items_skipped, bytes_in, bytes_out, expected_bytes};
  }
};

}  // namespace nodeops
