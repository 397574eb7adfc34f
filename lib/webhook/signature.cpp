// SPDX-License-Identifier: MIT
#include "webhook/signature.hpp"

#include <algorithm>
#include <charconv>
#include <exception>

#include "core/error.hpp"
#include "core/parts.hpp"
#include "core/result.hpp"
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

/// The values of a header, which may come several times; at least one.
std::vector<std::string_view> required(const Delivery& delivery, std::string_view name,
                                       std::string_view other) {
  for (const std::string_view wanted : {name, other})
    if (auto values = delivery.values(wanted); !values.empty()) return values;
  refuse("missing-signature", "a header of the signature is missing");
}

/// Tries each value until one passes; else throws what the first one threw.
template <class Verify>
void any_of_them(const std::vector<std::string_view>& values, Verify verify) {
  std::exception_ptr first;
  for (const std::string_view value : values) {
    const auto passed = settle([&] { return verify(value), true; });
    if (passed) return;
    if (!first) first = passed.error();
  }
  std::rethrow_exception(first);
}

bool is_number(std::string_view text) {
  constexpr std::size_t longest = 15;
  return !text.empty() && text.size() <= longest &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The value of a lower-case hexadecimal digit; else -1.
int value_of(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/// The bytes of 64 lower-case hexadecimal digits; nothing for anything else.
std::string from_hex(std::string_view text) {
  if (text.size() != 2 * HmacSha256::size) return {};
  std::string bytes(HmacSha256::size, '\0');
  int all = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int byte = value_of(text[2 * i]) * 16 | value_of(text[2 * i + 1]);
    bytes[i] = static_cast<char>(byte);
    all |= byte;
  }
  return all < 0 ? std::string() : bytes;
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
      return any_of_them(required(delivery, "stripe-signature", ""), [&](std::string_view header) {
        verify_stripe(header, delivery.body, now);
      });
    case Scheme::standard:
      return verify_standard(delivery, now);
    case Scheme::github:
      return any_of_them(required(delivery, "x-hub-signature-256", ""),
                         [&](std::string_view header) { verify_github(header, delivery.body); });
  }
}

void SignatureVerifier::verify_stripe(std::string_view header, std::string_view body,
                                      std::int64_t now) {
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
  message_.assign(times.front()).append(".").append(body);
  if (!any_fits(message_, codes)) refuse("bad-signature", "no signature fits");
  check_age(times.front(), now);
}

void SignatureVerifier::verify_standard(const Delivery& delivery, std::int64_t now) {
  const std::string_view id = required(delivery, "webhook-id", "svix-id").front();
  const std::string_view time = required(delivery, "webhook-timestamp", "svix-timestamp").front();
  const auto lists = required(delivery, "webhook-signature", "svix-signature");
  if (id.empty() || id.find('.') != std::string_view::npos || !is_number(time))
    refuse("bad-signature", "the signature's id or time is none");
  std::vector<std::string> codes;
  for (const std::string_view list : lists) {
    each_part(list, ' ', [&](std::string_view part) {
      constexpr std::string_view version = "v1,";
      if (part.starts_with(version))
        codes.push_back(from_base64(part.substr(version.size())).value_or(""));
    });
  }
  message_.assign(id).append(".").append(time).append(".").append(delivery.body);
  if (!any_fits(message_, codes)) refuse("bad-signature", "no signature fits");
  check_age(time, now);
}

void SignatureVerifier::verify_github(std::string_view header, std::string_view body) {
  constexpr std::string_view start = "sha256=";
  if (!header.starts_with(start)) refuse("bad-signature", "the signature is not of sha256");
  // Nobody sends an empty body; a signature of nothing would fit every one that was cut off.
  if (body.empty() || !any_fits(body, {from_hex(header.substr(start.size()))}))
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

void SignatureVerifier::check_age(std::string_view time, std::int64_t now) const {
  std::int64_t signed_at = 0;
  std::from_chars(time.data(), time.data() + time.size(), signed_at);
  const auto age = signed_at > now ? signed_at - now : now - signed_at;
  if (age > tolerance_.count())
    refuse("stale-signature", "the signature is too far from the time of receipt");
}

}  // namespace nodeops::webhook
