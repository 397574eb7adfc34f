// SPDX-License-Identifier: MIT
#include "webhook/delivery_reader.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>

#include "core/result.hpp"
#include "webhook/base64.hpp"

namespace nodeops::webhook {
namespace {

constexpr std::size_t read_size = std::size_t{256} << 10;
constexpr std::string_view mark = "\xEF\xBB\xBF";

std::string lower(std::string_view text) {
  std::string made(text);
  std::transform(made.begin(), made.end(), made.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return made;
}

Problem too_large(std::size_t largest) {
  constexpr int status = 413;
  return {.status = status,
          .type = "body-too-large",
          .title = "Body too large",
          .detail = "the body is longer than " + std::to_string(largest) + " bytes"};
}

Problem no_delivery(const char* detail) {
  constexpr int status = 400;
  return {.status = status, .type = "invalid-json", .title = "Malformed payload", .detail = detail};
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

}  // namespace

std::optional<Delivery> DeliveryReader::next() {
  while (true) {
    if (!source_ && !open_next()) return std::nullopt;
    auto delivery = inputs_[opened_ - 1].is_one_body ? whole_body() : next_line();
    if (delivery) return delivery;
    source_.reset();
  }
}

bool DeliveryReader::ready() {
  constexpr std::chrono::milliseconds no_patience{0};
  if (!source_ || inputs_[opened_ - 1].is_one_body) return true;
  while (!ended_ && buffer_.find('\n', seen_) == std::string::npos &&
         buffer_.size() - begin_ < line_limit()) {
    seen_ = buffer_.size();
    if (!source_->ready(no_patience)) return false;
    read_more();
  }
  return true;
}

bool DeliveryReader::open_next() {
  if (opened_ == inputs_.size()) return false;
  source_ = inputs_[opened_++].open();
  ended_ = false;
  buffer_.clear();
  begin_ = seen_ = 0;
  line_ = 0;
  return true;
}

/// Reads once; false at the end.
bool DeliveryReader::read_more() {
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    seen_ -= begin_;
    begin_ = 0;
  }
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
      take_captured(delivery);
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

Delivery DeliveryReader::numbered(const std::string& place) {
  Delivery delivery;
  delivery.number = ++number_;
  delivery.place = place;
  return delivery;
}

std::optional<Delivery> DeliveryReader::whole_body() {
  if (ended_) return std::nullopt;
  const DeliveryInput& input = inputs_[opened_ - 1];
  Delivery delivery = numbered(input.name);
  while (buffer_.size() <= largest_body_ && read_more()) {
  }
  if (buffer_.size() > largest_body_) {
    delivery.unreadable = too_large(largest_body_);
  } else {
    delivery.body = buffer_;
  }
  ended_ = true;
  std::string_view headers = input.headers;
  while (!headers.empty()) {
    const auto end = headers.find('\n');
    const auto line = headers.substr(0, end);
    const auto colon = line.find(':');
    if (colon != std::string_view::npos)
      delivery.headers.emplace_back(lower(trimmed(line.substr(0, colon))),
                                    trimmed(line.substr(colon + 1)));
    headers = end == std::string_view::npos ? std::string_view() : headers.substr(end + 1);
  }
  return delivery;
}

/// Turns a line that is a captured delivery into that delivery. One that is no JSON stays as it is:
/// the parser will say what is wrong with it.
void DeliveryReader::take_captured(Delivery& delivery) {
  constexpr std::string_view name = "\"body";
  const bool may_be =
      ::memmem(delivery.body.data(), delivery.body.size(), name.data(), name.size()) != nullptr;
  if (may_be && settle([&] { return document_.read(delivery.body), true; }) &&
      (document_.member(0, "body") != 0 || document_.member(0, "body_base64") != 0)) {
    take_members(delivery);
  }
  if (delivery.body.size() <= largest_body_) return;
  delivery.body.clear();
  delivery.unreadable = too_large(largest_body_);
}

void DeliveryReader::take_members(Delivery& delivery) {
  const auto& nodes = document_.nodes();
  const auto body = document_.member(0, "body");
  const auto encoded = document_.member(0, "body_base64");
  const JsonNode& text = nodes[body != 0 ? body : encoded];
  const auto decoded = body != 0 ? std::string(text.text) : from_base64(text.text);
  if (text.kind != JsonKind::string || !decoded)
    delivery.unreadable = no_delivery("the delivery's body is no text");
  if (const auto headers = document_.member(0, "headers"); headers != 0) {
    for (auto one = headers + 1; one < nodes[headers].next; one = nodes[one].next) {
      if (nodes[one].kind == JsonKind::string)
        delivery.headers.emplace_back(lower(nodes[one].key), nodes[one].text);
      else
        delivery.unreadable = no_delivery("a header of the delivery is no text");
    }
  }
  if (const auto time = document_.member(0, "received_at"); time != 0) {
    const auto digits = nodes[time].text;
    std::int64_t seconds = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    if (error == std::errc{} && nodes[time].kind == JsonKind::number)
      delivery.received_at = seconds;
    else
      delivery.unreadable = no_delivery("the delivery's received_at is no time");
  }
  if (decoded) delivery.body = *decoded;
}

}  // namespace nodeops::webhook
