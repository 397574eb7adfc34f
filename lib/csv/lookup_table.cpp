// SPDX-License-Identifier: MIT
#include "csv/lookup_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <functional>

namespace nodeops::csv {
namespace {

constexpr unsigned place_bits = 48;
constexpr std::uint64_t place_mask = (std::uint64_t{1} << place_bits) - 1;
constexpr std::size_t fewest_slots = 64;

std::uint64_t hash_of(std::string_view key) {
  return std::hash<std::string_view>()(key);
}

/// At most two of three slots are taken.
std::size_t slots_for(std::size_t rows) {
  return std::bit_ceil(std::max(rows + rows / 2 + 1, fewest_slots));
}

}  // namespace

std::uint32_t LookupTable::Row::number(std::size_t i) const {
  std::uint32_t number = 0;
  std::memcpy(&number, bytes_ + i * sizeof number, sizeof number);
  return number;
}

std::uint32_t LookupTable::Row::line() const {
  return number(0);
}

std::size_t LookupTable::memory_of(std::size_t rows, std::size_t bytes, std::size_t values) {
  return bytes + rows * (2 + values) * sizeof(std::uint32_t) +
         slots_for(rows) * sizeof(std::uint64_t);
}

LookupTable::Row LookupTable::row_at(std::uint64_t slot) const {
  return {bytes_.data() + ((slot & place_mask) - 1), values_};
}

std::size_t LookupTable::slot_of(std::string_view key, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    const std::uint64_t slot = slots_[i];
    if (slot == 0) return i;
    if (slot >> place_bits == hash >> place_bits && row_at(slot).key() == key) return i;
  }
}

std::optional<LookupTable::Row> LookupTable::find(std::string_view key) const {
  if (rows_ == 0) return std::nullopt;
  const std::uint64_t slot = slots_[slot_of(key, hash_of(key))];
  return slot == 0 ? std::nullopt : std::optional(row_at(slot));
}

std::optional<LookupTable::Row> LookupTable::add(std::string_view key,
                                                 const std::vector<std::string_view>& values,
                                                 std::uint32_t line) {
  if (slots_for(rows_ + 1) > slots_.size()) grow_slots();
  const std::uint64_t hash = hash_of(key);
  std::uint64_t& slot = slots_[slot_of(key, hash)];
  if (slot != 0) return row_at(slot);
  std::size_t size = (2 + values_) * sizeof(std::uint32_t) + key.size();
  for (const auto value : values) size += value.size();
  if (used_ + size > bytes_.size())
    bytes_.resize(std::max({used_ + size, 2 * bytes_.size(), std::size_t{4096}}));
  char* to = bytes_.data() + used_;
  const auto put = [&](const void* from, std::size_t count) {
    if (count > 0) std::memcpy(to, from, count);
    to += count;
  };
  const auto put_number = [&](std::size_t number) {
    const auto short_number = static_cast<std::uint32_t>(number);
    put(&short_number, sizeof short_number);
  };
  put_number(line);
  put_number(key.size());
  for (const auto value : values) put_number(value.size());
  put(key.data(), key.size());
  for (const auto value : values) put(value.data(), value.size());
  slot = (hash >> place_bits << place_bits) | (used_ + 1);
  used_ += size;
  ++rows_;
  return std::nullopt;
}

void LookupTable::grow_slots() {
  const std::vector<std::uint64_t> old = std::move(slots_);
  slots_.assign(slots_for(rows_ + 1), 0);
  const std::size_t mask = slots_.size() - 1;
  for (const std::uint64_t slot : old) {
    if (slot == 0) continue;
    std::size_t i = hash_of(row_at(slot).key()) & mask;
    while (slots_[i] != 0) i = (i + 1) & mask;
    slots_[i] = slot;
  }
}

}  // namespace nodeops::csv
