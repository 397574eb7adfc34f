// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dashboard/source.hpp"
#include "net/http_transfers.hpp"

namespace nodeops::dashboard {

/// A source that is asked by HTTP: the answer is the body of a 2xx. {user} in the URL is
/// percent-encoded.
class HttpSource : public Source {
 public:
  HttpSource(std::shared_ptr<HttpTransfers> transfers, std::string url,
             std::vector<std::string> headers)
      : transfers_(std::move(transfers)), url_(std::move(url)), headers_(std::move(headers)) {}

  std::unique_ptr<Request> ask(const Question& question, Done done) override;

 private:
  std::shared_ptr<HttpTransfers> transfers_;
  std::string url_;
  std::vector<std::string> headers_;
};

}  // namespace nodeops::dashboard
