// SPDX-License-Identifier: MIT
#include "dashboard_sources.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "dashboard/answers.hpp"
#include "dashboard/exec_source.hpp"
#include "dashboard/file_source.hpp"
#include "dashboard/http_source.hpp"
#include "net/http_transfers.hpp"
#include "stream/small_file.hpp"

namespace nodeops {
namespace {

using namespace std::chrono_literals;
using dashboard::Latency;
using dashboard::MockModel;
using dashboard::PlannedSource;
using dashboard::SourceText;

/// The sources that there are when the command line says nothing.
std::vector<SourceText> default_sources() {
  return {{.name = "profile", .address = "mock:", .required = true},
          {.name = "orders", .address = "mock:", .required = true},
          {.name = "notifications", .address = "mock:", .required = false}};
}

MockModel default_model(const std::string& name) {
  if (name == "profile") return {.latency = Latency::lognormal(40ms, 0.1)};
  if (name == "orders") return {.latency = Latency::lognormal(80ms, 0.1)};
  if (name == "notifications")
    return {.latency = Latency::lognormal(120ms, 0.9), .fails = 0.05, .hangs = 0.1};
  return {.latency = Latency::lognormal(60ms, 0.3)};
}

std::vector<SourceText> all_sources(const DashboardOptions& options) {
  auto all = default_sources();
  for (const SourceText& given : options.sources) {
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const SourceText& one) { return one.name == given.name; });
    if (same == all.end()) {
      all.push_back(given);
      continue;
    }
    const auto required = given.required ? given.required : same->required;
    *same = given;
    same->required = required;
  }
  return all;
}

void check_mocks(const DashboardOptions& options, const std::vector<SourceText>& all) {
  for (const MockText& mock : options.mocks) {
    std::vector<std::string> names;
    names.reserve(all.size());
    for (const SourceText& source : all) names.push_back(source.name);
    const auto found = std::find_if(
        all.begin(), all.end(), [&](const SourceText& source) { return source.name == mock.name; });
    if (found == all.end()) {
      const auto best = nearest(mock.name, names);
      throw AppError(ErrorKind::usage, "--mock: no source is named '" + mock.name + "'",
                     best ? "did you mean '" + *best + "'?" : "");
    }
    if (found->address != "mock:")
      throw AppError(ErrorKind::usage, "--mock: the source '" + mock.name + "' is no mock");
  }
}

MockModel model_of(const DashboardOptions& options, const std::string& name) {
  MockModel model = default_model(name);
  for (const MockText& mock : options.mocks) {
    if (mock.name != name) continue;
    if (mock.latency) model.latency = *mock.latency;
    model.fails = mock.fails.value_or(model.fails);
    model.hangs = mock.hangs.value_or(model.hangs);
  }
  return model;
}

/// The token in a file, without white space around it.
std::string read_token(const std::string& path) {
  std::string token = read_small_file(path, "the token file");
  constexpr std::size_t longest = 64 << 10;
  const auto first = token.find_first_not_of(" \t\r\n");
  const auto last = token.find_last_not_of(" \t\r\n");
  if (first == std::string::npos || token.size() > longest)
    throw AppError(ErrorKind::usage, path + ": the token file is empty or far too long");
  token = token.substr(first, last - first + 1);
  if (std::any_of(token.begin(), token.end(), [](char c) { return c >= 0 && c < ' '; }))
    throw AppError(ErrorKind::usage,
                   path + ": the token has a line end or control character in it");
  return token;
}

/// Throws AppError unless the file has a certificate in it: later it would be a riddle of TLS.
void check_certificates(const std::string& path) {
  if (read_small_file(path, "the certificates").find("CERTIFICATE-----") == std::string::npos)
    throw AppError(ErrorKind::bad_data, path + ": has no certificate in it", "PEM is needed");
}

/// True when one of the headers has this name, which is in small letters.
bool has_header(const std::vector<std::string>& headers, std::string_view name) {
  const auto same = [&](const std::string& header) {
    const auto colon = header.find(':');
    return colon == name.size() &&
           std::equal(name.begin(), name.end(), header.begin(), [](char wanted, char given) {
             return wanted == (given >= 'A' && given <= 'Z' ? given + ('a' - 'A') : given);
           });
  };
  return std::any_of(headers.begin(), headers.end(), same);
}

/// What every HTTP source is sent.
std::vector<std::string> headers_of(const DashboardOptions& options) {
  std::vector<std::string> headers = options.headers;
  if (!has_header(headers, "accept")) headers.emplace_back("Accept: application/json");
  if (options.token_file.empty()) return headers;
  if (has_header(headers, "authorization"))
    throw AppError(ErrorKind::usage, "--token-file: a --header has the authorization already");
  headers.push_back("Authorization: Bearer " + read_token(options.token_file));
  return headers;
}

bool is_http(const SourceText& source) {
  return source.address.starts_with("http");
}

/// Makes sources of their addresses; those that speak HTTP share their connections.
class SourceMaker {
 public:
  SourceMaker(const DashboardOptions& options, Timers& timers, Reactor* reactor)
      : options_(options), timers_(timers), reactor_(reactor), headers_(headers_of(options)) {
    // Files are looked at even if no source needs them: a wrong name is a mistake all the same.
    if (!options.tls_ca.empty()) check_certificates(options.tls_ca);
    data_ = options.mock_data.empty() ? std::make_shared<dashboard::MockData>()
                                      : std::make_shared<dashboard::MockData>(options.mock_data);
  }

  std::unique_ptr<dashboard::Source> make(const SourceText& source) {
    if (source.address == "mock:") {
      return std::make_unique<dashboard::MockSource>(
          timers_, source.name, model_of(options_, source.name), data_, options_.seed);
    }
    if (reactor_ == nullptr) {
      throw AppError(ErrorKind::usage,
                     "--clock virtual: the source '" + source.name + "' is no mock",
                     "simulated time has only mocks");
    }
    if (is_http(source)) {
      if (!transfers_) connect();
      return std::make_unique<dashboard::HttpSource>(timers_, transfers_, source.address, headers_);
    }
    constexpr std::size_t scheme = 5;
    if (source.address.starts_with("file:"))
      return std::make_unique<dashboard::FileSource>(timers_, source.address.substr(scheme));
    return std::make_unique<dashboard::ExecSource>(*reactor_, source.address.substr(scheme));
  }

 private:
  void connect() {
    transfers_ = make_http_transfers(
        *reactor_, {.certificates = options_.tls_ca,
                    .longest_body = dashboard::longest_answer,
                    .most_connections = options_.concurrency * options_.sources.size()});
  }

  const DashboardOptions& options_;
  Timers& timers_;
  Reactor* reactor_;
  std::shared_ptr<const dashboard::MockData> data_;
  std::shared_ptr<HttpTransfers> transfers_;
  std::vector<std::string> headers_;
};

}  // namespace

std::vector<PlannedSource> dashboard_sources(const DashboardOptions& options, Timers& timers,
                                             Reactor* reactor) {
  const auto all = all_sources(options);
  check_mocks(options, all);
  SourceMaker maker(options, timers, reactor);
  std::vector<PlannedSource> planned;
  for (const SourceText& source : all) {
    const bool required = source.required.value_or(false);
    const auto cutoff = source.cutoff.value_or(required ? options.budget : options.cutoff);
    // On simulated time each dashboard is by itself, or the output would depend on how many are in
    // flight.
    dashboard::Guard::Options guard{.questions_per_second = options.questions_per_second,
                                    .retry_budget = !options.virtual_clock};
    if (!options.virtual_clock) guard.breaker = options.breaker.value_or(CircuitBreaker::Options{});
    planned.push_back({.plan = {.name = source.name,
                                .required = required,
                                .cutoff = std::min(cutoff, options.budget),
                                .retries = source.retries.value_or(0)},
                       .source = maker.make(source),
                       .guard = dashboard::Guard(guard, timers.now())});
  }
  return planned;
}

std::size_t descriptors_per_dashboard(const DashboardOptions& options) {
  std::size_t count = 0;
  for (const SourceText& source : options.sources) {
    // A command has its two pipes and its process, and a transfer its socket.
    if (source.address.starts_with("exec:")) count += 3;
    if (is_http(source)) ++count;
  }
  return count;
}

}  // namespace nodeops
