// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

namespace nodeops {

/// What a running command tells about itself. Called in the server's thread, at any time while the
/// server lives; an exception becomes a 500 without its text.
struct HealthAnswers {
  std::function<bool()> ready = [] { return true; };                    ///< /readyz: 200, or 503
  std::function<std::string()> metrics = [] { return std::string(); };  ///< Prometheus text
};

/// Answers one HTTP/1 request, given as it came, whole or broken. `response` gets all that is to be
/// sent before the connection is closed; it stays empty when there is nothing to answer.
using AnswerHttp = void(const std::string& request, const HealthAnswers& answers,
                        std::string& response);

/// The one implementation, from libnodeops-http, which is loaded now if it was not before: the HTTP
/// library brings TLS and compressors, 3 MB of resident memory and a millisecond at every start,
/// and most runs serve nothing. Throws AppError unavailable when it cannot be loaded.
AnswerHttp& load_answer_http();

}  // namespace nodeops

/// What libnodeops-http exports.
extern "C" nodeops::AnswerHttp nodeops_answer_http;
