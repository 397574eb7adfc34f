// SPDX-License-Identifier: MIT
#include "csv/mask_hash.hpp"

#include <mutex>
#include <utility>
#include <vector>

#include "observe/mask.hpp"
#include "stream/digest.hpp"

namespace nodeops::csv {
namespace {

class Mask : public CellTransform {
 public:
  CellOutcome apply(std::string_view value, Scratch& scratch) const override {
    if (value.empty()) return CellOutcome::unchanged();
    const auto masked = mask_person(value);
    return masked == value ? CellOutcome::unchanged() : CellOutcome::changed(scratch.copy(masked));
  }
};

class Hash : public CellTransform {
 public:
  explicit Hash(std::string key) : key_(std::move(key)) {}

  CellOutcome apply(std::string_view value, Scratch& scratch) const override {
    constexpr std::string_view digits = "0123456789abcdef";
    if (value.empty()) return CellOutcome::unchanged();
    auto hasher = borrow();
    const auto code = hasher.of(value);
    give_back(std::move(hasher));
    char* out = scratch.reserve(2 * code.size());
    for (const unsigned byte : code) {
      *out++ = digits[byte >> 4];
      *out++ = digits[byte & 15];
    }
    return CellOutcome::changed(scratch.keep(2 * code.size()));
  }

 private:
  // A hasher serves one thread at a time and is dear to make: there are as many as threads have
  // been at it at once.
  HmacSha256 borrow() const {
    const std::scoped_lock lock(mutex_);
    if (idle_.empty()) return HmacSha256(key_);
    auto hasher = std::move(idle_.back());
    idle_.pop_back();
    return hasher;
  }

  void give_back(HmacSha256 hasher) const {
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(hasher));
  }

  std::string key_;
  mutable std::mutex mutex_;
  mutable std::vector<HmacSha256> idle_;
};

}  // namespace

std::unique_ptr<CellTransform> mask() {
  return std::make_unique<Mask>();
}

std::unique_ptr<CellTransform> hash(std::string key) {
  return std::make_unique<Hash>(std::move(key));
}

}  // namespace nodeops::csv
