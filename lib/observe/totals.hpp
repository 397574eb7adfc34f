// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

namespace nodeops {

/// What a run has done so far. The work counts, once per block; progress, metrics and report read,
/// at any time, from any thread.
struct RunTotals {
  std::atomic<std::uint64_t> items_in = 0;
  std::atomic<std::uint64_t> items_ok = 0;
  std::atomic<std::uint64_t> items_failed = 0;
  std::atomic<std::uint64_t> items_skipped = 0;
  std::atomic<std::uint64_t> bytes_in =
      0;  ///< as they come from files and pipes, compressed or not
  std::atomic<std::uint64_t> bytes_out = 0;       ///< as they go into files and pipes
  std::atomic<std::uint64_t> bytes_expected = 0;  ///< how many bytes_in will be; 0: not known
};

}  // namespace nodeops
