// SPDX-License-Identifier: MIT
#pragma once

#include <curl/curl.h>

#include <array>
#include <cstddef>

#include "net/http_transfers.hpp"

namespace nodeops {

class CurlTransfers;

/// Transfers that share connections.
struct CurlPool {
  CurlTransfers* owner;
  CURLM* multi;
  TimerId timer = 0;
  std::size_t running = 0;
};

/// One request. Its handle is prepared once; both are used again when it is over.
struct CurlTransfer {
  explicit CurlTransfer(const HttpSettings& settings);
  ~CurlTransfer() { curl_easy_cleanup(easy); }
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  /// Leaves its pool and forgets what it was about.
  void reset();

  CURL* easy;
  std::size_t longest_body;
  TransferId id = 0;
  HttpTransfers::Done done = nullptr;
  CurlPool* pool = nullptr;  ///< null: it has not been started
  bool is_second = false;    ///< it was sent before, on a connection that was closed
  HttpResponse response = {};
  std::array<char, CURL_ERROR_SIZE> problem{};
};

}  // namespace nodeops
