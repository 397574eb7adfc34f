// SPDX-License-Identifier: MIT
#include "dashboard/ids.hpp"

#include <algorithm>
#include <chrono>

#include "core/error.hpp"

namespace nodeops::dashboard {

std::optional<std::string> IdReader::next(bool may_wait) {
  while (true) {
    while (auto line = buffered()) {
      ++line_;
      constexpr std::string_view mark = "\xEF\xBB\xBF";
      if (line_ == 1 && line->starts_with(mark)) line->erase(0, mark.size());
      if (line->ends_with('\r')) line->pop_back();
      if (line->find_first_not_of(" \t") != std::string::npos) return line;
    }
    if (!fill(may_wait)) return std::nullopt;
  }
}

std::optional<std::string> IdReader::buffered() {
  const auto end = buffer_.find('\n', std::max(from_, scanned_));
  if (end == std::string::npos) {
    scanned_ = buffer_.size();
    if (!ended_ || from_ >= buffer_.size()) return std::nullopt;
    std::string last = buffer_.substr(from_);
    from_ = buffer_.size();
    return last;
  }
  std::string line = buffer_.substr(from_, end - from_);
  from_ = end + 1;
  return line;
}

bool IdReader::fill(bool may_wait) {
  if (ended_) return false;
  if (!may_wait && !source_.ready(std::chrono::milliseconds(0))) return false;
  buffer_.erase(0, from_);
  scanned_ -= std::min(scanned_, from_);
  from_ = 0;
  if (buffer_.size() > longest) {
    throw AppError(ErrorKind::bad_data,
                   "-:" + std::to_string(line_ + 1) + ": an id of more than 8 MiB");
  }
  constexpr std::size_t piece = std::size_t{64} << 10U;
  const std::size_t before = buffer_.size();
  buffer_.resize(before + piece);
  const std::size_t got = source_.read(std::span(buffer_).subspan(before));
  buffer_.resize(before + got);
  bytes_read_ += got;
  ended_ = got == 0;
  return true;
}

}  // namespace nodeops::dashboard
