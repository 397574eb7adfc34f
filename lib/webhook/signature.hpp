// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "stream/digest.hpp"
#include "webhook/delivery.hpp"

namespace nodeops::webhook {

enum class Scheme { stripe, standard, github };

/// Checks signatures over the raw bytes of bodies, in constant time. For one thread.
class SignatureVerifier {
 public:
  /// Any of the secrets will do. Throws AppError usage for a secret that is none of the scheme's.
  SignatureVerifier(Scheme scheme, const std::vector<std::string>& secrets,
                    std::chrono::seconds tolerance);

  /// Throws DeliveryError 401: missing-signature, bad-signature, stale-signature. `now` in unix
  /// seconds; the signature is checked before its age. Of a signature's header that comes several
  /// times one value must be good.
  void verify(const Delivery& delivery, std::int64_t now);

 private:
  void verify_stripe(std::string_view header, std::string_view body, std::int64_t now);
  void verify_standard(const Delivery& delivery, std::int64_t now);
  void verify_github(std::string_view header, std::string_view body);
  bool any_fits(std::string_view message, const std::vector<std::string>& codes);
  void check_age(std::string_view time, std::int64_t now) const;

  Scheme scheme_;
  std::vector<HmacSha256> keys_;
  std::chrono::seconds tolerance_;
  std::string message_;
};

}  // namespace nodeops::webhook
