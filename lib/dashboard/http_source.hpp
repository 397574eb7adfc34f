// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dashboard/source.hpp"
#include "net/http_transfers.hpp"
#include "task/timers.hpp"

namespace nodeops::dashboard {

/// A source that is asked by HTTP: the answer is the body of a 2xx. {user} in the URL is
/// percent-encoded; an id of dots that would lead elsewhere, as in "/users/../orders", is refused.
class HttpSource : public Source {
 public:
  /// Throws AppError usage when the URL is none.
  HttpSource(Timers& timers, std::shared_ptr<HttpTransfers> transfers, std::string url,
             std::vector<std::string> headers);

  std::unique_ptr<Request> ask(const Question& question, Done done) override;

 private:
  /// Why an id cannot be asked for by this URL; empty when it can.
  std::string objection(const std::string& user, const std::string& url) const;

  Timers& timers_;
  std::shared_ptr<HttpTransfers> transfers_;
  std::string url_;
  std::vector<std::string> headers_;
  std::size_t bytes_of_headers_;
};

}  // namespace nodeops::dashboard
