// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nodeops {

/// How many characters must be put in, taken out, replaced or swapped with their neighbour to turn
/// one word into the other (optimal string alignment). Characters are bytes; ASCII case does not
/// count.
std::size_t edit_distance(std::string_view left, std::string_view right);

/// The known word that a misspelt one most likely meant: the one with the least distance, the first
/// of several. Empty when none is near: at most a third of the word, at least one character, may
/// be wrong.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> known);

}  // namespace nodeops
