// SPDX-License-Identifier: MIT
#include "webhook/captured_delivery.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <utility>

#include "core/result.hpp"
#include "webhook/base64.hpp"

namespace nodeops::webhook {
namespace {

std::string lower(std::string_view text) {
  std::string made(text);
  std::transform(made.begin(), made.end(), made.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return made;
}

/// A header's values, one or several. False: there is something else among them.
bool take_header(Delivery& delivery, const JsonDocument& document, std::uint32_t place) {
  const auto& nodes = document.nodes();
  const bool several = nodes[place].kind == JsonKind::array;
  const auto begin = several ? place + 1 : place;
  for (auto value = begin; value < nodes[place].next; value = nodes[value].next) {
    if (nodes[value].kind != JsonKind::string) return false;
    delivery.headers.emplace_back(lower(nodes[place].key), nodes[value].text);
  }
  return true;
}

/// Seconds since 1970; a fraction is left out.
void take_time(Delivery& delivery, const JsonDocument& document) {
  const auto& nodes = document.nodes();
  const auto time = document.member(0, "received_at");
  if (time == 0 || nodes[time].kind == JsonKind::null) return;
  const auto digits = nodes[time].text;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
  const bool whole = end == digits.data() + digits.size();
  const bool fraction =
      !whole && *end == '.' && digits.find_first_of("eE") == std::string_view::npos;
  if (nodes[time].kind == JsonKind::number && error == std::errc{} && (whole || fraction))
    delivery.received_at = seconds;
  else
    delivery.unreadable = no_delivery("the delivery's received_at is no time");
}

/// What a dead letter says about itself: how often it has been tried again.
void take_redrives(Delivery& delivery, const JsonDocument& document) {
  const auto redrives = document.member(0, "redrives");
  if (redrives == 0 || document.member(0, "dead_lettered_at") == 0) return;
  const auto digits = document.nodes()[redrives].text;
  unsigned count = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  delivery.redrives = count;
}

}  // namespace

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
  constexpr auto blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

void take_header_lines(Delivery& delivery, std::string_view lines) {
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    const auto line = lines.substr(0, end);
    const auto colon = line.find(':');
    if (colon != std::string_view::npos)
      delivery.headers.emplace_back(lower(trimmed(line.substr(0, colon))),
                                    trimmed(line.substr(colon + 1)));
    lines = end == std::string_view::npos ? std::string_view() : lines.substr(end + 1);
  }
}

void take_headers(Delivery& delivery, const JsonDocument& document, std::uint32_t headers) {
  const auto& nodes = document.nodes();
  if (nodes[headers].kind != JsonKind::object)
    delivery.unreadable = no_delivery("the delivery's headers are no object");
  for (auto one = headers + 1; one < nodes[headers].next; one = nodes[one].next)
    if (!take_header(delivery, document, one))
      delivery.unreadable = no_delivery("a header of the delivery is no text");
}

void take_captured(Delivery& delivery, JsonDocument& document) {
  constexpr std::string_view name = "\"body";
  const std::string& whole = delivery.body;
  const bool may_be = ::memmem(whole.data(), whole.size(), name.data(), name.size()) != nullptr;
  if (!may_be || !settle([&] { return document.read(whole), true; })) return;
  const auto body = document.member(0, "body");
  const auto encoded = document.member(0, "body_base64");
  const auto object = document.member(0, "object");
  const bool is_event = object != 0 && document.nodes()[object].text == "event";
  if (is_event || (body == 0 && encoded == 0)) return;
  const JsonNode& text = document.nodes()[body != 0 ? body : encoded];
  const auto decoded = body == 0 ? from_base64(text.text) : std::nullopt;
  if (text.kind != JsonKind::string || (body == 0 && !decoded))
    delivery.unreadable = no_delivery("the delivery's body is no text");
  const auto headers = document.member(0, "headers");
  if (headers != 0 && document.nodes()[headers].kind != JsonKind::null)
    take_headers(delivery, document, headers);
  take_time(delivery, document);
  take_redrives(delivery, document);
  // Last: what the document shows is in it.
  if (body != 0 && text.kind == JsonKind::string) delivery.body.assign(text.text);
  if (decoded) delivery.body = *decoded;
}

}  // namespace nodeops::webhook
