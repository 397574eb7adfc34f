// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "webhook/delivery.hpp"
#include "webhook/json_document.hpp"

namespace nodeops::webhook {

/// Turns a body that is a captured delivery,
/// {"headers":{…},"body":"…" or "body_base64":"…","received_at":unix}, into that delivery; any
/// other stays as it is. A header is a text or an array of texts. `document` is what it is read
/// with.
void take_captured(Delivery& delivery, JsonDocument& document);

/// Adds the members of the object `headers`, each a text or an array of texts. What is something
/// else makes the delivery unreadable.
void take_headers(Delivery& delivery, const JsonDocument& document, std::uint32_t headers);

/// Adds lines "Name: value" to the headers.
void take_header_lines(Delivery& delivery, std::string_view lines);

/// The text without spaces, tabs and line ends around it.
std::string_view trimmed(std::string_view text);

Problem too_large(std::size_t largest);

/// 400 invalid-json.
Problem no_delivery(const char* detail);

}  // namespace nodeops::webhook
