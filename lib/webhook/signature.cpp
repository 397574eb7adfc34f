// SPDX-License-Identifier: MIT
#include "webhook/signature.hpp"

#include <algorithm>
#include <charconv>

#include "core/error.hpp"
#include "webhook/base64.hpp"

namespace nodeops::webhook {
namespace {

[[noreturn]] void refuse(const char* type, const char* detail) {
  constexpr int unauthorized = 401;
  throw DeliveryError(Problem{.status = unauthorized,
                              .type = type,
                              .title = "Signature verification failed",
                              .detail = detail});
}

const std::string& required(const Delivery& delivery, const char* name, const char* other) {
  const std::string* value = delivery.header(name);
  if (value == nullptr) value = delivery.header(other);
  if (value == nullptr) refuse("missing-signature", "a header of the signature is missing");
  return *value;
}

/// Calls `take` with each part of the text.
template <class Take>
void each_part(std::string_view text, char separator, Take take) {
  while (true) {
    const auto end = text.find(separator);
    take(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

bool is_number(std::string_view text) {
  constexpr std::size_t longest = 15;
  return !text.empty() && text.size() <= longest &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The bytes of 64 lower-case hexadecimal digits; nothing for anything else.
std::string from_hex(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  if (text.size() != 2 * HmacSha256::size) return {};
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = digits.find(text[i]);
    const auto low = digits.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return {};
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

/// The key of Standard Webhooks: base64 behind "whsec_", 24 to 64 bytes.
std::string standard_key(std::string_view secret) {
  constexpr std::string_view start = "whsec_";
  constexpr std::size_t shortest = 24;
  constexpr std::size_t longest = 64;
  if (secret.starts_with(start)) secret.remove_prefix(start.size());
  const auto key = from_base64(secret);
  if (!key || key->size() < shortest || key->size() > longest)
    throw AppError(ErrorKind::usage, "--verify standard: a secret is not base64 of 24 to 64 bytes");
  return *key;
}

}  // namespace

SignatureVerifier::SignatureVerifier(Scheme scheme, const std::vector<std::string>& secrets,
                                     std::chrono::seconds tolerance)
    : scheme_(scheme), tolerance_(tolerance) {
  for (const std::string& secret : secrets)
    keys_.emplace_back(scheme == Scheme::standard ? standard_key(secret) : secret);
}

void SignatureVerifier::verify(const Delivery& delivery, std::int64_t now) {
  switch (scheme_) {
    case Scheme::stripe:
      return verify_stripe(delivery, now);
    case Scheme::standard:
      return verify_standard(delivery, now);
    case Scheme::github:
      return verify_github(delivery);
  }
}

void SignatureVerifier::verify_stripe(const Delivery& delivery, std::int64_t now) {
  const std::string& header = required(delivery, "stripe-signature", "");
  std::vector<std::string> times;
  std::vector<std::string> codes;
  each_part(header, ',', [&](std::string_view part) {
    const auto equals = part.find('=');
    const auto name = part.substr(0, equals);
    const auto value = equals == std::string_view::npos ? "" : part.substr(equals + 1);
    if (name == "t") times.emplace_back(value);
    if (name == "v1") codes.push_back(from_hex(value));
  });
  if (times.size() != 1 || !is_number(times.front()))
    refuse("bad-signature", "the signature has no single time");
  message_.assign(times.front()).append(".").append(delivery.body);
  if (!any_fits(message_, codes)) refuse("bad-signature", "no signature fits");
  check_age(times.front(), now);
}

void SignatureVerifier::verify_standard(const Delivery& delivery, std::int64_t now) {
  const std::string& id = required(delivery, "webhook-id", "svix-id");
  const std::string& time = required(delivery, "webhook-timestamp", "svix-timestamp");
  const std::string& list = required(delivery, "webhook-signature", "svix-signature");
  if (id.empty() || id.find('.') != std::string::npos || !is_number(time))
    refuse("bad-signature", "the signature's id or time is none");
  std::vector<std::string> codes;
  each_part(list, ' ', [&](std::string_view part) {
    constexpr std::string_view version = "v1,";
    if (part.starts_with(version))
      codes.push_back(from_base64(part.substr(version.size())).value_or(""));
  });
  message_.assign(id).append(".").append(time).append(".").append(delivery.body);
  if (!any_fits(message_, codes)) refuse("bad-signature", "no signature fits");
  check_age(time, now);
}

void SignatureVerifier::verify_github(const Delivery& delivery) {
  const std::string_view header = required(delivery, "x-hub-signature-256", "");
  constexpr std::string_view start = "sha256=";
  if (!header.starts_with(start)) refuse("bad-signature", "the signature is not of sha256");
  // Nobody sends an empty body; a signature of nothing would fit every one that was cut off.
  if (delivery.body.empty() || !any_fits(delivery.body, {from_hex(header.substr(start.size()))}))
    refuse("bad-signature", "no signature fits");
}

/// Every code is compared with every key's, wherever they differ.
bool SignatureVerifier::any_fits(std::string_view message, const std::vector<std::string>& codes) {
  bool fits = false;
  for (HmacSha256& key : keys_) {
    const auto wanted = key.of(message);
    for (const std::string& code : codes) {
      if (code.size() != wanted.size()) continue;
      unsigned difference = 0;
      for (std::size_t i = 0; i < wanted.size(); ++i)
        difference |= wanted[i] ^ static_cast<unsigned char>(code[i]);
      fits = fits || difference == 0;
    }
  }
  return fits;
}

void SignatureVerifier::check_age(const std::string& time, std::int64_t now) const {
  std::int64_t signed_at = 0;
  std::from_chars(time.data(), time.data() + time.size(), signed_at);
  const auto age = signed_at > now ? signed_at - now : now - signed_at;
  if (age > tolerance_.count())
    refuse("stale-signature", "the signature is too far from the time of receipt");
}

}  // namespace nodeops::webhook
