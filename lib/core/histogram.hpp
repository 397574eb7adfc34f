// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace nodeops {

/// How often which time was seen, in microseconds. Times up to 255 us are kept exactly, longer ones
/// in 128 buckets per power of two, so that a quantile is at most 0.8 % above the true one. The
/// memory is fixed (34 KiB). Any number of threads may record and ask at the same time; what is
/// asked while others record is one of the states in between.
class Histogram {
 public:
  using Time = std::chrono::microseconds;

  /// Counts one time. A negative one counts as zero, one over 12 days as 12 days (max() stays
  /// exact).
  void record(Time time) {
    const auto value = static_cast<std::uint64_t>(std::max<Time::rep>(time.count(), 0));
    counts_[bucket_of(value)].fetch_add(1, std::memory_order_relaxed);
    auto seen = max_.load(std::memory_order_relaxed);
    while (seen < value && !max_.compare_exchange_weak(seen, value, std::memory_order_relaxed)) {
    }
  }

  /// How many times were recorded.
  std::uint64_t count() const {
    std::uint64_t total = 0;
    for (const auto& bucket : counts_) total += bucket.load(std::memory_order_relaxed);
    return total;
  }

  /// The longest time recorded, exactly; zero when there is none.
  Time max() const { return time_of(max_.load(std::memory_order_relaxed)); }

  /// The time that the given part (0 to 1) of all recorded ones did not exceed: 0.5 is the median,
  /// 1 the longest. Zero when nothing was recorded.
  Time quantile(double part) const {
    const auto total = count();
    if (total == 0) return Time::zero();
    const auto wanted = std::ceil(std::clamp(part, 0.0, 1.0) * static_cast<double>(total));
    const auto rank = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(wanted), 1, total);
    if (rank == total) return max();
    std::uint64_t below = 0;
    for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
      below += counts_[bucket].load(std::memory_order_relaxed);
      if (below >= rank) return std::min(time_of(highest_in(bucket)), max());
    }
    return max();
  }

 private:
  static constexpr unsigned detail_bits = 7;
  static constexpr std::size_t per_octave = std::size_t{1} << detail_bits;
  static constexpr unsigned octaves = 33;  // above the first 128 values: up to 2^40 us
  static constexpr std::size_t bucket_count = per_octave * (octaves + 1);

  static Time time_of(std::uint64_t value) { return Time(static_cast<Time::rep>(value)); }

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < per_octave) return static_cast<std::size_t>(value);
    const auto octave = static_cast<unsigned>(std::bit_width(value)) - detail_bits - 1;
    if (octave >= octaves) return bucket_count - 1;
    return per_octave * octave + static_cast<std::size_t>(value >> octave);
  }

  static std::uint64_t highest_in(std::size_t bucket) {
    if (bucket < per_octave) return bucket;
    const auto octave = bucket / per_octave - 1;
    return ((bucket - per_octave * octave + 1) << octave) - 1;
  }

  std::array<std::atomic<std::uint64_t>, bucket_count> counts_{};
  std::atomic<std::uint64_t> max_{0};
};

}  // namespace nodeops
