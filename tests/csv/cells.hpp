// SPDX-License-Identifier: MIT
#pragma once

#include <random>
#include <string>
#include <string_view>

#include "csv/cell_transform.hpp"

namespace nodeops::csv {

/// What becomes of a value: itself when unchanged, "failed: " and the reason when it failed. A
/// value "changed" into itself says so: unchanged must be recognised.
inline std::string after(const CellTransform& transform, std::string_view value) {
  Scratch scratch;
  const auto outcome = transform.apply(value, scratch);
  switch (outcome.kind) {
    case CellOutcome::Kind::unchanged:
      return std::string(value);
    case CellOutcome::Kind::failed:
      return "failed: " + std::string(outcome.text);
    case CellOutcome::Kind::changed:
      break;
  }
  return outcome.text == value ? "changed into itself" : std::string(outcome.text);
}

/// Seeded random text of pieces; the same seed makes the same texts.
class Pieces {
 public:
  template <std::size_t count>
  std::string text(const std::string_view (&pieces)[count], std::size_t most) {
    std::string made;
    for (auto left = random_() % (most + 1); left > 0; --left) made += pieces[random_() % count];
    return made;
  }

 private:
  std::mt19937 random_{20260901};
};

}  // namespace nodeops::csv
