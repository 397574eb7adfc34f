// SPDX-License-Identifier: MIT
#include "dashboard/http_source.hpp"

#include "dashboard/answers.hpp"
#include "dashboard/source_address.hpp"

namespace nodeops::dashboard {
namespace {

constexpr int ok = 200;
constexpr int end_of_ok = 300;
constexpr int bad_request = 400;
constexpr int request_timeout = 408;
constexpr int too_many_requests = 429;
constexpr int server_error = 500;

Answer refused(const HttpResponse& response) {
  const int status = response.status;
  const bool busy = status == request_timeout || status == too_many_requests;
  const bool redirects = status >= end_of_ok && status < bad_request;
  Answer answer = failed_answer("answered with status " + std::to_string(status) +
                                    (redirects ? ", a redirection, which is not followed" : ""),
                                busy || status >= server_error);
  answer.failure->blames_source = busy || redirects || status >= server_error;
  if (response.retry_after) answer.failure->asked_to_wait = *response.retry_after;
  return answer;
}

Answer read(const HttpResponse& response) {
  if (response.too_long) return too_long_answer();
  if (!response.problem.empty()) return failed_answer(response.problem, true);
  if (response.status < ok || response.status >= end_of_ok) return refused(response);
  return answer_of(response.body);
}

/// One transfer, cancelled at its end.
class Pending : public Request {
 public:
  Pending(HttpTransfers& transfers, Source::Done done)
      : transfers_(transfers), done_(std::move(done)) {}
  ~Pending() override { transfers_.cancel(transfer_); }

  void start(const std::string& url, const std::vector<std::string>& headers) {
    transfer_ = transfers_.get(url, headers, [this](const HttpResponse& response) {
      transfer_ = 0;
      const Source::Done done = std::move(done_);  // this object may go while it is called
      done(read(response));
    });
  }

 private:
  HttpTransfers& transfers_;
  Source::Done done_;
  TransferId transfer_ = 0;
};

}  // namespace

std::unique_ptr<Request> HttpSource::ask(const Question& question, Done done) {
  auto pending = std::make_unique<Pending>(*transfers_, std::move(done));
  pending->start(with_user(url_, percent_encoded(question.user)), headers_);
  return pending;
}

}  // namespace nodeops::dashboard
