// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

namespace nodeops {

/// Mixes a number so that numbers that are close come out far apart (the finalizer of SplitMix64,
/// Steele, Lea and Flood 2014).
constexpr std::uint64_t mixed(std::uint64_t number) {
  number += 0x9E3779B97F4A7C15U;
  number = (number ^ (number >> 30U)) * 0xBF58476D1CE4E5B9U;
  number = (number ^ (number >> 27U)) * 0x94D049BB133111EBU;
  return number ^ (number >> 31U);
}

/// A number for a text: the same on every machine and in every run (FNV-1a, mixed). Not for
/// security.
constexpr std::uint64_t mixed(std::string_view text, std::uint64_t seed = 0) {
  std::uint64_t hash = 0xCBF29CE484222325U ^ mixed(seed);
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  return mixed(hash);
}

/// Random numbers that a seed repeats, the same on every machine; unlike the distributions of
/// <random>, whose results are each library's own. Not for security.
class SeededRandom {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() { return mixed(state_++); }

  /// From 0 up to, but not, 1.
  double fraction() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

  /// True in so many of all cases, 0 to 1.
  bool chance(double probability) { return fraction() < probability; }

  /// Of the standard normal distribution (Box and Muller 1958).
  double normal() {
    const double radius = std::sqrt(-2 * std::log(1 - fraction()));
    return radius * std::cos(2 * std::numbers::pi * fraction());
  }

 private:
  std::uint64_t state_;
};

}  // namespace nodeops
