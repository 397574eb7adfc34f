// SPDX-License-Identifier: MIT
#include "webhook/delivery_reader.hpp"

#include <algorithm>

#include "webhook/captured_delivery.hpp"

namespace nodeops::webhook {
namespace {

constexpr std::size_t read_size = std::size_t{256} << 10;
constexpr std::string_view mark = "\xEF\xBB\xBF";

}  // namespace

std::optional<Delivery> DeliveryReader::next() {
  while (true) {
    if (!source_ && !open_next()) return std::nullopt;
    auto delivery = form_ == Form::lines ? next_line() : next_of_file();
    if (delivery) return delivery;
    source_.reset();
  }
}

bool DeliveryReader::ready() {
  while (true) {
    if (source_) {
      const Ahead ahead = look_ahead();
      if (ahead != Ahead::nothing) return ahead == Ahead::delivery;
      source_.reset();
    }
    if (opened_ == inputs_.size()) return true;
    if (inputs_[opened_].is_live) return false;
    open_next();
  }
}

/// What next() would find in the open source.
DeliveryReader::Ahead DeliveryReader::look_ahead() {
  constexpr std::chrono::milliseconds no_patience{0};
  if (form_ == Form::done) return Ahead::nothing;
  if (form_ == Form::rest) {
    if (inputs_[opened_ - 1].is_live) return Ahead::a_wait;
    return first_word(begin_) == std::string::npos ? Ahead::nothing : Ahead::delivery;
  }
  if (form_ != Form::lines) return Ahead::delivery;
  std::size_t looked_at = 0;  // from `begin_` on, which reading moves
  while (buffer_.size() - begin_ < line_limit()) {
    const std::size_t first = buffer_.find_first_not_of(" \t\r\n", begin_);
    const bool is_blank = first == std::string::npos;
    if (ended_) return is_blank ? Ahead::nothing : Ahead::delivery;
    if (!is_blank && buffer_.find('\n', std::max(first, begin_ + looked_at)) != std::string::npos)
      return Ahead::delivery;
    looked_at = buffer_.size() - begin_;
    if (!source_->ready(no_patience)) return Ahead::a_wait;
    read_more();
  }
  return Ahead::delivery;
}

bool DeliveryReader::open_next() {
  if (opened_ == inputs_.size()) return false;
  form_ = inputs_[opened_].is_one_body ? Form::unknown : Form::lines;
  source_ = inputs_[opened_++].open();
  ended_ = false;
  buffer_.clear();
  begin_ = seen_ = 0;
  line_ = element_ = 0;
  return true;
}

/// Reads once; false at the end.
bool DeliveryReader::read_more() {
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    seen_ -= std::min(seen_, begin_);
    begin_ = 0;
  }
  if (ended_) return false;
  const std::size_t size = buffer_.size();
  buffer_.resize(size + read_size);
  const std::size_t count = source_->read({buffer_.data() + size, read_size});
  buffer_.resize(size + count);
  ended_ = count == 0;
  return !ended_;
}

/// A captured body takes up to six bytes for one of its own.
std::size_t DeliveryReader::line_limit() const {
  constexpr std::size_t escaped = 6;
  constexpr std::size_t headers = std::size_t{64} << 10;
  return largest_body_ * escaped + headers;
}

std::optional<Delivery> DeliveryReader::next_line() {
  while (true) {
    std::size_t end = buffer_.find('\n', seen_);
    while (end == std::string::npos && !ended_ && buffer_.size() - begin_ < line_limit()) {
      seen_ = buffer_.size();
      read_more();
      end = buffer_.find('\n', seen_);
    }
    const bool whole = end != std::string::npos || ended_;
    if (ended_ && begin_ == buffer_.size()) return std::nullopt;
    end = std::min(end, buffer_.size());
    std::string_view line(buffer_.data() + begin_, end - begin_);
    if (line_ == 0 && line.starts_with(mark)) line.remove_prefix(mark.size());
    line = trimmed(line);
    ++line_;
    begin_ = seen_ = std::min(end + (whole ? 1 : 0), buffer_.size());
    if (line.empty() && whole) continue;
    Delivery delivery = numbered(inputs_[opened_ - 1].name + ":" + std::to_string(line_));
    if (whole) {
      delivery.body = line;
      take_body(delivery);
    } else {
      skip_long_line();
      delivery.unreadable = too_large(largest_body_);
    }
    return delivery;
  }
}

/// Drops what comes up to the next line end.
void DeliveryReader::skip_long_line() {
  std::size_t end = std::string::npos;
  while ((end = buffer_.find('\n', begin_)) == std::string::npos) {
    begin_ = seen_ = buffer_.size();
    if (!read_more()) return;
  }
  begin_ = seen_ = end + 1;
}

/// The body may be a captured delivery. One that is no JSON stays as it is: the parser will say
/// what is wrong with it.
void DeliveryReader::take_body(Delivery& delivery) {
  take_captured(delivery, document_);
  if (delivery.body.size() <= largest_body_) return;
  delivery.body.clear();
  delivery.unreadable = too_large(largest_body_);
}

Delivery DeliveryReader::numbered(const std::string& place) {
  Delivery delivery;
  delivery.number = ++number_;
  delivery.place = place;
  return delivery;
}

}  // namespace nodeops::webhook
