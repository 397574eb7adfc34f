// SPDX-License-Identifier: MIT
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <deque>
#include <unordered_map>
#include <utility>

#include "net/http_transfers.hpp"

namespace nodeops {
namespace {

// More at once, and the first ones wait for the last one's connection to be opened.
constexpr std::size_t most_starts_a_turn = 16;

/// One request. Its handle goes back to be used again when it is over.
struct Transfer {
  TransferId id;
  CURL* easy;
  curl_slist* headers = nullptr;
  HttpTransfers::Done done;
  std::size_t longest_body;
  bool started = false;
  HttpResponse response = {};
  std::array<char, CURL_ERROR_SIZE> problem{};
};

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* data) {
  auto& transfer = *static_cast<Transfer*>(data);
  const std::size_t length = size * count;
  if (transfer.response.body.size() + length > transfer.longest_body) {
    transfer.response.too_long = true;
    return 0;  // ends the transfer
  }
  transfer.response.body.append(bytes, length);
  return length;
}

class CurlTransfers : public HttpTransfers {
 public:
  CurlTransfers(Reactor& reactor, HttpSettings settings)
      : reactor_(reactor), settings_(std::move(settings)) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    multi_ = curl_multi_init();
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(
        multi_, CURLMOPT_MAXCONNECTS,
        static_cast<long>(std::min<std::size_t>(settings_.most_connections, 100'000)));
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
  }
  ~CurlTransfers() override {
    for (auto& [id, transfer] : transfers_) release(*transfer);
    for (CURL* const easy : idle_) curl_easy_cleanup(easy);
    curl_multi_cleanup(multi_);
    reactor_.cancel(timer_);
    reactor_.cancel(starting_);
    for (const auto& [socket, watch] : watches_) reactor_.unwatch(watch);
  }
  CurlTransfers(const CurlTransfers&) = delete;
  CurlTransfers& operator=(const CurlTransfers&) = delete;

  std::string objection(const std::string& url) const override {
    CURLU* const parts = curl_url();
    const CURLUcode code = curl_url_set(parts, CURLUPART_URL, url.c_str(), 0);
    curl_url_cleanup(parts);
    return code == CURLUE_OK ? std::string() : curl_url_strerror(code);
  }

  TransferId get(const std::string& url, const std::vector<std::string>& headers,
                 Done done) override {
    auto transfer = std::make_unique<Transfer>(Transfer{.id = ++last_id_,
                                                        .easy = idle_handle(),
                                                        .done = std::move(done),
                                                        .longest_body = settings_.longest_body});
    for (const auto& header : headers)
      transfer->headers = curl_slist_append(transfer->headers, header.c_str());
    prepare(*transfer, url);
    const TransferId id = transfer->id;
    waiting_.push_back(id);
    transfers_.emplace(id, std::move(transfer));
    start_soon();
    return id;
  }

  void cancel(TransferId id) override {
    const auto found = transfers_.find(id);
    if (found == transfers_.end()) return;
    release(*found->second);
    transfers_.erase(found);
  }

 private:
  CURL* idle_handle() {
    if (idle_.empty()) return curl_easy_init();
    CURL* const easy = idle_.back();
    idle_.pop_back();
    curl_easy_reset(easy);
    return easy;
  }

  void prepare(Transfer& transfer, const std::string& url) const {
    CURL* const easy = transfer.easy;
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.problem.data());
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers);
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
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, url.starts_with("https") ? 1L : 0L);
    if (settings_.certificates.empty()) return;
    curl_easy_setopt(easy, CURLOPT_CAINFO, settings_.certificates.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  }

  void release(Transfer& transfer) {
    if (transfer.started) curl_multi_remove_handle(multi_, transfer.easy);
    idle_.push_back(transfer.easy);
    curl_slist_free_all(transfer.headers);
  }

  void start_soon() {
    if (starting_ != 0) return;
    starting_ = reactor_.at(reactor_.now(), [this] {
      starting_ = 0;
      start_some();
    });
  }

  void start_some() {
    for (std::size_t i = 0; i < most_starts_a_turn && !waiting_.empty(); ++i) {
      const auto found = transfers_.find(waiting_.front());
      waiting_.pop_front();
      if (found == transfers_.end()) continue;  // cancelled meanwhile
      found->second->started = true;
      curl_multi_add_handle(multi_, found->second->easy);
    }
    if (!waiting_.empty()) start_soon();
  }

  static int on_socket(CURL*, curl_socket_t socket, int what, void* data, void*) {
    auto& self = *static_cast<CurlTransfers*>(data);
    const auto found = self.watches_.find(socket);
    if (what == CURL_POLL_REMOVE) {
      if (found == self.watches_.end()) return 0;
      self.reactor_.unwatch(found->second);
      self.watches_.erase(found);
      return 0;
    }
    const Readiness wanted{.readable = (what & CURL_POLL_IN) != 0,
                           .writable = (what & CURL_POLL_OUT) != 0};
    if (found != self.watches_.end()) {
      self.reactor_.watch_for(found->second, wanted);
      return 0;
    }
    const auto heard = [&self, socket](Readiness ready) {
      self.act(socket,
               (ready.readable ? CURL_CSELECT_IN : 0) | (ready.writable ? CURL_CSELECT_OUT : 0));
    };
    self.watches_.emplace(socket, self.reactor_.watch(socket, wanted, heard));
    return 0;
  }

  static int on_timer(CURLM*, long milliseconds, void* data) {
    auto& self = *static_cast<CurlTransfers*>(data);
    self.reactor_.cancel(std::exchange(self.timer_, 0));
    if (milliseconds < 0) return 0;
    self.timer_ =
        self.reactor_.at(self.reactor_.now() + std::chrono::milliseconds(milliseconds), [&self] {
          self.timer_ = 0;
          self.act(CURL_SOCKET_TIMEOUT, 0);
        });
    return 0;
  }

  void act(curl_socket_t socket, int what) {
    int running = 0;
    curl_multi_socket_action(multi_, socket, what, &running);
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
      if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result);
    }
  }

  void finish(CURL* easy, CURLcode code) {
    Transfer* ended = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &ended);
    const auto found = transfers_.find(ended->id);
    const auto transfer = std::move(found->second);
    transfers_.erase(found);
    long status = 0;
    curl_off_t wait = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &wait);
    transfer->response.status = static_cast<int>(status);
    if (wait > 0) transfer->response.retry_after = std::chrono::seconds(wait);
    if (code != CURLE_OK && !transfer->response.too_long) {
      transfer->response.problem =
          transfer->problem.front() != '\0' ? transfer->problem.data() : curl_easy_strerror(code);
    }
    release(*transfer);
    transfer->done(std::move(transfer->response));
  }

  Reactor& reactor_;
  HttpSettings settings_;
  CURLM* multi_ = nullptr;
  TimerId timer_ = 0;
  TimerId starting_ = 0;
  TransferId last_id_ = 0;
  std::unordered_map<curl_socket_t, WatchId> watches_;
  std::unordered_map<TransferId, std::unique_ptr<Transfer>> transfers_;
  std::deque<TransferId> waiting_;
  std::vector<CURL*> idle_;
};

}  // namespace
}  // namespace nodeops

[[gnu::visibility("default")]] nodeops::HttpTransfers* nodeops_make_http_transfers(
    nodeops::Reactor& reactor, const nodeops::HttpSettings& settings) {
  return new nodeops::CurlTransfers(reactor, settings);
}
