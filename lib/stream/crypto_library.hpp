// SPDX-License-Identifier: MIT
#pragma once

#include <openssl/evp.h>

namespace nodeops {

/// The functions of OpenSSL's libcrypto that we use, loaded with the first digest: its thousands of
/// symbols are a tenth of the processor time in which a run without one starts.
struct CryptoLibrary {
  decltype(&::EVP_MD_CTX_new) new_digest;
  decltype(&::EVP_MD_CTX_free) free_digest;
  decltype(&::EVP_MD_fetch) fetch_digest;
  decltype(&::EVP_DigestInit_ex) start_digest;
  decltype(&::EVP_DigestUpdate) update_digest;
  decltype(&::EVP_DigestFinal_ex) finish_digest;
  decltype(&::EVP_Digest) digest;
  decltype(&::EVP_MAC_fetch) fetch_mac;
  decltype(&::EVP_MAC_free) free_mac;
  decltype(&::EVP_MAC_CTX_new) new_mac;
  decltype(&::EVP_MAC_CTX_free) free_mac_context;
  decltype(&::EVP_MAC_init) start_mac;
  decltype(&::EVP_MAC_update) update_mac;
  decltype(&::EVP_MAC_final) finish_mac;
};

/// Throws AppError unavailable when libcrypto is not installed.
const CryptoLibrary& crypto_library();

}  // namespace nodeops
