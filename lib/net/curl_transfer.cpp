// SPDX-License-Identifier: MIT
#include "net/curl_transfer.hpp"

#include <utility>

namespace nodeops {
namespace {

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* data) {
  auto& transfer = *static_cast<CurlTransfer*>(data);
  const std::size_t length = size * count;
  if (transfer.response.body.size() + length > transfer.longest_body) {
    transfer.response.too_long = true;
    return 0;  // ends the transfer
  }
  transfer.response.body.append(bytes, length);
  return length;
}

}  // namespace

CurlTransfer::CurlTransfer(const HttpSettings& settings)
    : easy(curl_easy_init()), longest_body(settings.longest_body) {
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, problem.data());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "nodeops");
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");  // all that it can decode
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // A transfer that is cancelled while its host is looked up must not wait for the resolver.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  // Cleartext HTTP/2 fails when it is multiplexed (libcurl 7.88).
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  if (settings.certificates.empty()) return;
  curl_easy_setopt(easy, CURLOPT_CAINFO, settings.certificates.c_str());
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
}

void CurlTransfer::reset() {
  if (pool != nullptr) {
    curl_multi_remove_handle(pool->multi, easy);
    --pool->running;
    pool = nullptr;
  }
  done = nullptr;
  if (std::exchange(is_second, false)) curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 0L);
  response = HttpResponse();
  response.body.shrink_to_fit();  // an empty one assigned would keep the room
  problem.front() = '\0';
}

}  // namespace nodeops
