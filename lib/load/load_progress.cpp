// SPDX-License-Identifier: MIT
#include "load/load_progress.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nodeops::load {

void LoadProgress::go_on(const LoadPosition& from) {
  borders_ = {{.handed = 0, .at = from.at}};
  done_ = from.passed;
  loaded_ = from.at.written;
  refused_ = from.at.refused;
  bytes_ = from.bytes;
}

void LoadProgress::reached(const csv::Position& border) {
  // Blocks without a record would make many of the same place.
  if (borders_.back().handed == handed_) borders_.pop_back();
  borders_.push_back({.handed = handed_, .at = border});
}

void LoadProgress::close() {
  if (!std::exchange(open_, false)) return;
  ++done_;
  ++refused_;
}

void LoadProgress::loaded(std::uint64_t records) {
  if (records == 0) return;
  close();
  done_ += records;
  loaded_ += records;
}

void LoadProgress::refused(const RejectLengths& lengths) {
  close();
  open_ = true;
  before_open_ = lengths;
}

void LoadProgress::end() {
  close();
}

LoadPosition LoadProgress::position(const RejectLengths& lengths) {
  const auto behind = std::find_if(borders_.begin() + 1, borders_.end(),
                                   [&](const Border& border) { return border.handed > done_; });
  borders_.erase(borders_.begin(), std::prev(behind));
  LoadPosition position{.at = borders_.front().at,
                        .passed = done_ - borders_.front().handed,
                        .bytes = bytes_,
                        .lengths = open_ ? before_open_ : lengths};
  position.at.written = loaded_;
  position.at.refused = refused_;
  position.at.records = loaded_ + refused_ + position.at.filtered;
  return position;
}

}  // namespace nodeops::load
