// SPDX-License-Identifier: MIT
#include "stream/crypto_library.hpp"

#include <dlfcn.h>
#include <openssl/opensslv.h>

#include <string>

#include "core/error.hpp"

namespace nodeops {
namespace {

// What the name of the library below says.
static_assert(OPENSSL_VERSION_MAJOR == 3);

template <class Function>
void find(void* library, Function& function, const char* name) {
  void* const found = ::dlsym(library, name);
  if (found == nullptr)
    throw AppError(ErrorKind::unavailable, std::string("OpenSSL's library has no ") + name);
  function = reinterpret_cast<Function>(found);
}

CryptoLibrary load() {
  // Never closed: it must not be unloaded.
  void* const library = ::dlopen("libcrypto.so.3", RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr)
    throw AppError(ErrorKind::unavailable,
                   std::string("OpenSSL's library cannot be loaded: ") + ::dlerror());
  CryptoLibrary all{};
  find(library, all.new_digest, "EVP_MD_CTX_new");
  find(library, all.free_digest, "EVP_MD_CTX_free");
  find(library, all.fetch_digest, "EVP_MD_fetch");
  find(library, all.start_digest, "EVP_DigestInit_ex");
  find(library, all.update_digest, "EVP_DigestUpdate");
  find(library, all.finish_digest, "EVP_DigestFinal_ex");
  find(library, all.digest, "EVP_Digest");
  find(library, all.fetch_mac, "EVP_MAC_fetch");
  find(library, all.free_mac, "EVP_MAC_free");
  find(library, all.new_mac, "EVP_MAC_CTX_new");
  find(library, all.free_mac_context, "EVP_MAC_CTX_free");
  find(library, all.start_mac, "EVP_MAC_init");
  find(library, all.update_mac, "EVP_MAC_update");
  find(library, all.finish_mac, "EVP_MAC_final");
  return all;
}

}  // namespace

const CryptoLibrary& crypto_library() {
  static const CryptoLibrary library = load();
  return library;
}

}  // namespace nodeops
