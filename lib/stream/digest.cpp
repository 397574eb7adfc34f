// SPDX-License-Identifier: MIT
#include "stream/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <stdexcept>

#include "stream/crypto_library.hpp"

namespace nodeops {
namespace {

/// OpenSSL fails here only for want of memory or of its own installation.
void require(bool done) {
  if (!done) throw std::runtime_error("OpenSSL cannot compute SHA-256");
}

/// SHA-256 as OpenSSL knows it, looked up once: a lookup costs as much as the digest of a small
/// message.
const EVP_MD* method() {
  static const EVP_MD* const found = crypto_library().fetch_digest(nullptr, "SHA256", nullptr);
  return found;
}

struct FreeMac {
  void operator()(EVP_MAC* mac) const { crypto_library().free_mac(mac); }
  void operator()(EVP_MAC_CTX* context) const { crypto_library().free_mac_context(context); }
};

}  // namespace

struct Sha256::Context {
  Context() : state(crypto_library().new_digest()) {
    require(state != nullptr && crypto_library().start_digest(state, method(), nullptr) == 1);
  }
  ~Context() { crypto_library().free_digest(state); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  EVP_MD_CTX* state;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  require(crypto_library().update_digest(context_->state, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  require(crypto_library().finish_digest(context_->state, digest.data(), &size) == 1);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += digits[digest[i] >> 4U];
    text += digits[digest[i] & 15U];
  }
  return text;
}

std::array<std::byte, 32> sha256(std::string_view message) {
  std::array<std::byte, 32> digest{};
  require(crypto_library().digest(message.data(), message.size(),
                                  reinterpret_cast<unsigned char*>(digest.data()), nullptr,
                                  method(), nullptr) == 1);
  return digest;
}

struct HmacSha256::Context {
  std::unique_ptr<EVP_MAC, FreeMac> mac;
  std::unique_ptr<EVP_MAC_CTX, FreeMac> keyed;
};

HmacSha256::HmacSha256(std::string_view key) : context_(std::make_unique<Context>()) {
  context_->mac.reset(crypto_library().fetch_mac(nullptr, "HMAC", nullptr));
  require(context_->mac != nullptr);
  context_->keyed.reset(crypto_library().new_mac(context_->mac.get()));
  require(context_->keyed != nullptr);
  std::string digest_name = "SHA256";
  const std::array<OSSL_PARAM, 2> parameters = {
      OSSL_PARAM{OSSL_MAC_PARAM_DIGEST, OSSL_PARAM_UTF8_STRING, digest_name.data(),
                 digest_name.size(), OSSL_PARAM_UNMODIFIED},
      OSSL_PARAM{}};
  require(crypto_library().start_mac(context_->keyed.get(),
                                     reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                                     parameters.data()) == 1);
}

HmacSha256::~HmacSha256() = default;
HmacSha256::HmacSha256(HmacSha256&&) noexcept = default;
HmacSha256& HmacSha256::operator=(HmacSha256&&) noexcept = default;

std::array<unsigned char, HmacSha256::size> HmacSha256::of(std::string_view message) {
  std::array<unsigned char, size> code{};
  std::size_t written = 0;
  EVP_MAC_CTX* const keyed = context_->keyed.get();
  // Without a new key the context starts over with the old one.
  require(crypto_library().start_mac(keyed, nullptr, 0, nullptr) == 1 &&
          crypto_library().update_mac(keyed, reinterpret_cast<const unsigned char*>(message.data()),
                                      message.size()) == 1 &&
          crypto_library().finish_mac(keyed, code.data(), &written, code.size()) == 1);
  return code;
}

}  // namespace nodeops
