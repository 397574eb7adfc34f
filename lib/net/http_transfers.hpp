// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "task/reactor.hpp"

namespace nodeops {

/// What an HTTP server has answered, or why it has not.
struct HttpResponse {
  int status = 0;       ///< 0: no answer
  std::string body;     ///< decoded if it came compressed
  std::string problem;  ///< why there is no answer, or not all of it; empty: it is whole
  bool too_long = false;
  std::optional<std::chrono::seconds> retry_after;
};

/// Names one transfer; 0 names none.
using TransferId = std::uint64_t;

struct HttpSettings {
  std::string certificates;  ///< a PEM file to trust in place of the system's; empty: the system's
  std::size_t longest_body = std::size_t{8} << 20U;
  std::size_t most_connections = 64;  ///< kept open between requests
};

/// HTTP requests on one thread, any number at a time: connections are kept and shared, HTTP/2 over
/// TLS where the server speaks it, no redirects, no time limit of its own: whoever asks cancels.
class HttpTransfers {
 public:
  using Done = std::function<void(HttpResponse)>;

  virtual ~HttpTransfers() = default;

  /// What is wrong with a URL; empty when it is one.
  virtual std::string objection(const std::string& url) const = 0;

  /// Starts a GET. `done` is called once, never from inside get(), unless it is cancelled before.
  virtual TransferId get(const std::string& url, const std::vector<std::string>& headers,
                         Done done) = 0;

  /// Ends a transfer; any other number is ignored.
  virtual void cancel(TransferId transfer) = 0;
};

/// By libcurl, from libnodeops-curl, which is loaded now if it was not before: with its TLS and its
/// compressors it costs 6 ms at every start, and most runs ask nobody. Throws AppError unavailable
/// when it cannot be loaded.
std::unique_ptr<HttpTransfers> make_http_transfers(Reactor& reactor, const HttpSettings& settings);

/// What libnodeops-curl exports: the caller owns what it makes.
using MakeHttpTransfers = HttpTransfers*(Reactor& reactor, const HttpSettings& settings);

}  // namespace nodeops

extern "C" nodeops::MakeHttpTransfers nodeops_make_http_transfers;
