// SPDX-License-Identifier: MIT
#include "dashboard/http_source.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/error.hpp"
#include "dashboard/answers.hpp"
#include "dashboard/early_answer.hpp"
#include "dashboard/source_address.hpp"

namespace nodeops::dashboard {
namespace {

constexpr int ok = 200;
constexpr int end_of_ok = 300;
constexpr int bad_request = 400;
constexpr int request_timeout = 408;
constexpr int too_many_requests = 429;
constexpr int server_error = 500;

// libcurl makes heads of requests of up to 1 MiB; its own lines are in there, too.
constexpr std::size_t longest_request = (std::size_t{1} << 20U) - 2048;
constexpr auto any_user = "0";

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

Answer empty(int status) {
  Answer answer = answer_of("");
  answer.failure->detail += " with status " + std::to_string(status);
  return answer;
}

Answer read(const HttpResponse& response) {
  if (response.too_long) return too_long_answer();
  if (!response.problem.empty()) return failed_answer(response.problem, true);
  if (response.status < ok || response.status >= end_of_ok) return refused(response);
  return response.body.empty() ? empty(response.status) : answer_of(response.body);
}

/// True when a segment of the URL's path is "." or "..": servers go up a directory there.
bool has_dot_segment(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  url.remove_prefix(std::min(url.size(), url.find("//") + 2));
  for (auto slash = url.find('/'); slash != std::string_view::npos;) {
    url.remove_prefix(slash + 1);
    slash = url.find('/');
    const auto segment = url.substr(0, slash);
    if (segment == "." || segment == "..") return true;
  }
  return false;
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

HttpSource::HttpSource(Timers& timers, std::shared_ptr<HttpTransfers> transfers, std::string url,
                       std::vector<std::string> headers)
    : timers_(timers),
      transfers_(std::move(transfers)),
      url_(std::move(url)),
      headers_(std::move(headers)) {
  const auto problem = transfers_->objection(with_user(url_, any_user));
  if (!problem.empty())
    throw AppError(ErrorKind::usage, "--source: " + shown_source(url_) + ": is no URL: " + problem);
  bytes_of_headers_ = 0;
  for (const auto& header : headers_) bytes_of_headers_ += header.size();
}

std::string HttpSource::objection(const std::string& user, const std::string& url) const {
  if (url.size() + bytes_of_headers_ > longest_request) return "the id is too long for a URL";
  const bool dots = user.find_first_not_of('.') == std::string::npos;
  if (dots && has_dot_segment(url) && !has_dot_segment(with_user(url_, any_user)))
    return "the id would lead elsewhere in the URL";
  return {};
}

std::unique_ptr<Request> HttpSource::ask(const Question& question, Done done) {
  const std::string url = with_user(url_, percent_encoded(question.user));
  if (auto problem = objection(question.user, url); !problem.empty()) {
    return std::make_unique<EarlyAnswer>(timers_, refused_question(std::move(problem)),
                                         std::move(done));
  }
  auto pending = std::make_unique<Pending>(*transfers_, std::move(done));
  pending->start(url, headers_);
  return pending;
}

}  // namespace nodeops::dashboard
