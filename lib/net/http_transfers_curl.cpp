// SPDX-License-Identifier: MIT
#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "net/curl_transfer.hpp"

namespace nodeops {
namespace {

// More at once, and the first ones wait for the last one's connection to be opened.
constexpr std::size_t most_starts_a_turn = 16;
// libcurl looks through all connections of a pool for each request: several pools, the first one
// that has room, cost a third less at 3 000 at a time.
constexpr std::size_t most_in_a_pool = 50;
// Seconds; nobody waits longer, and a clock's time overflows.
constexpr curl_off_t longest_wait = curl_off_t{24} * 60 * 60;

}  // namespace

/// By libcurl: multi handles on the reactor, each one a pool of connections.
class CurlTransfers : public HttpTransfers {
 public:
  CurlTransfers(Reactor& reactor, HttpSettings settings)
      : reactor_(reactor), settings_(std::move(settings)) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    share_ = curl_share_init();
    curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  }
  ~CurlTransfers() override {
    for (auto& [id, transfer] : transfers_) transfer->reset();
    transfers_.clear();
    idle_.clear();
    for (const auto& pool : pools_) {
      curl_multi_cleanup(pool->multi);
      reactor_.cancel(pool->timer);
    }
    reactor_.cancel(starting_);
    for (const auto& [socket, watch] : watches_) reactor_.unwatch(watch);
    curl_share_cleanup(share_);
    for (const auto& [texts, list] : header_lists_) curl_slist_free_all(list);
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
    auto transfer = idle_transfer();
    transfer->id = ++last_id_;
    transfer->done = std::move(done);
    curl_easy_setopt(transfer->easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, header_list(headers));
    curl_easy_setopt(transfer->easy, CURLOPT_PIPEWAIT, url.starts_with("https") ? 1L : 0L);
    waiting_.push_back(transfer->id);
    transfers_.emplace(transfer->id, std::move(transfer));
    start_soon();
    return last_id_;
  }

  void cancel(TransferId id) override {
    const auto found = transfers_.find(id);
    if (found == transfers_.end()) return;
    auto transfer = std::move(found->second);
    transfers_.erase(found);
    release(std::move(transfer));
  }

 private:
  std::unique_ptr<CurlTransfer> idle_transfer() {
    if (idle_.empty()) {
      auto fresh = std::make_unique<CurlTransfer>(settings_);
      curl_easy_setopt(fresh->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
      curl_easy_setopt(fresh->easy, CURLOPT_OPENSOCKETDATA, this);
      curl_easy_setopt(fresh->easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
      curl_easy_setopt(fresh->easy, CURLOPT_CLOSESOCKETDATA, this);
      curl_easy_setopt(fresh->easy, CURLOPT_SHARE, share_);
      return fresh;
    }
    auto transfer = std::move(idle_.back());
    idle_.pop_back();
    return transfer;
  }

  /// The list of these headers; there are few different ones in a run.
  curl_slist* header_list(const std::vector<std::string>& headers) {
    for (const auto& [texts, list] : header_lists_) {
      if (texts == headers) return list;
    }
    curl_slist* list = nullptr;
    for (const auto& header : headers) list = curl_slist_append(list, header.c_str());
    header_lists_.emplace_back(headers, list);
    return list;
  }

  void release(std::unique_ptr<CurlTransfer> transfer) {
    transfer->reset();
    idle_.push_back(std::move(transfer));
  }

  CurlPool& pool_with_room() {
    for (const auto& pool : pools_) {
      if (pool->running < most_in_a_pool) return *pool;
    }
    CurlPool& fresh = *pools_.emplace_back(
        std::make_unique<CurlPool>(CurlPool{.owner = this, .multi = curl_multi_init()}));
    curl_multi_setopt(fresh.multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(fresh.multi, CURLMOPT_SOCKETDATA, &fresh);
    curl_multi_setopt(fresh.multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(fresh.multi, CURLMOPT_TIMERDATA, &fresh);
    curl_multi_setopt(fresh.multi, CURLMOPT_MAXCONNECTS, static_cast<long>(most_in_a_pool));
    curl_multi_setopt(fresh.multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    return fresh;
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
      CurlPool& pool = pool_with_room();
      ++pool.running;
      found->second->pool = &pool;
      curl_multi_add_handle(pool.multi, found->second->easy);
    }
    if (!waiting_.empty()) start_soon();
  }

  /// A socket of a connection stays watched, for nothing, between its transfers.
  static curl_socket_t open_socket(void* data, curlsocktype, curl_sockaddr* address) {
    auto& self = *static_cast<CurlTransfers*>(data);
    const int number =
        ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (number >= 0) self.connections_.insert(number);
    return number;
  }

  static int close_socket(void* data, curl_socket_t socket) {
    auto& self = *static_cast<CurlTransfers*>(data);
    self.connections_.erase(socket);
    self.unwatch(socket);
    return ::close(socket);
  }

  void unwatch(curl_socket_t socket) {
    const auto found = watches_.find(socket);
    if (found == watches_.end()) return;
    reactor_.unwatch(found->second);
    watches_.erase(found);
  }

  static int on_socket(CURL*, curl_socket_t socket, int what, void* data, void*) {
    CurlPool& pool = *static_cast<CurlPool*>(data);
    CurlTransfers& self = *pool.owner;
    const bool removed = what == CURL_POLL_REMOVE;
    // What libcurl has for itself it also closes by itself.
    if (removed && !self.connections_.contains(socket)) {
      self.unwatch(socket);
      return 0;
    }
    const Readiness wanted{.readable = !removed && (what & CURL_POLL_IN) != 0,
                           .writable = !removed && (what & CURL_POLL_OUT) != 0};
    const auto found = self.watches_.find(socket);
    if (found != self.watches_.end()) {
      self.reactor_.watch_for(found->second, wanted);
    } else if (!removed) {
      self.watches_.emplace(
          socket, self.reactor_.watch(socket, wanted, [&pool, socket](Readiness ready) {
            pool.owner->act(
                pool, socket,
                (ready.readable ? CURL_CSELECT_IN : 0) | (ready.writable ? CURL_CSELECT_OUT : 0));
          }));
    }
    return 0;
  }

  static int on_timer(CURLM*, long milliseconds, void* data) {
    CurlPool& pool = *static_cast<CurlPool*>(data);
    Reactor& reactor = pool.owner->reactor_;
    reactor.cancel(std::exchange(pool.timer, 0));
    if (milliseconds < 0) return 0;
    pool.timer = reactor.at(reactor.now() + std::chrono::milliseconds(milliseconds), [&pool] {
      pool.timer = 0;
      pool.owner->act(pool, CURL_SOCKET_TIMEOUT, 0);
    });
    return 0;
  }

  void act(CurlPool& pool, curl_socket_t socket, int what) {
    int running = 0;
    curl_multi_socket_action(pool.multi, socket, what, &running);
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(pool.multi, &left)) {
      if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result);
    }
  }

  /// A kept connection that its server closed when the question was on its way says nothing about
  /// the server: the question goes once more, on a new one.
  static bool asks_again(CurlTransfer& transfer, CURLcode code) {
    long status = 0;
    long fresh = 0;
    curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer.easy, CURLINFO_NUM_CONNECTS, &fresh);
    const bool was_closed =
        code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR || code == CURLE_GOT_NOTHING;
    if (!was_closed || status != 0 || fresh != 0 || transfer.is_second) return false;
    transfer.is_second = true;
    transfer.problem.front() = '\0';
    curl_easy_setopt(transfer.easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_multi_remove_handle(transfer.pool->multi, transfer.easy);
    curl_multi_add_handle(transfer.pool->multi, transfer.easy);
    return true;
  }

  void finish(CURL* easy, CURLcode code) {
    CurlTransfer* ended = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &ended);
    const auto found = transfers_.find(ended->id);
    if (asks_again(*found->second, code)) return;
    auto transfer = std::move(found->second);
    transfers_.erase(found);
    long status = 0;
    curl_off_t wait = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &wait);
    HttpResponse response = std::move(transfer->response);
    response.status = static_cast<int>(status);
    if (wait > 0)
      response.retry_after = std::chrono::seconds(std::min<curl_off_t>(wait, longest_wait));
    if (code != CURLE_OK && !response.too_long) {
      response.problem =
          transfer->problem.front() != '\0' ? transfer->problem.data() : curl_easy_strerror(code);
    }
    const Done done = std::move(transfer->done);
    release(std::move(transfer));
    done(std::move(response));
  }

  Reactor& reactor_;
  HttpSettings settings_;
  CURLSH* share_ = nullptr;
  std::vector<std::unique_ptr<CurlPool>> pools_;
  TimerId starting_ = 0;
  TransferId last_id_ = 0;
  std::unordered_map<curl_socket_t, WatchId> watches_;
  std::unordered_set<curl_socket_t> connections_;  ///< sockets that were opened here
  std::unordered_map<TransferId, std::unique_ptr<CurlTransfer>> transfers_;
  std::deque<TransferId> waiting_;
  std::vector<std::unique_ptr<CurlTransfer>> idle_;
  std::vector<std::pair<std::vector<std::string>, curl_slist*>> header_lists_;
};

}  // namespace nodeops

[[gnu::visibility("default")]] nodeops::HttpTransfers* nodeops_make_http_transfers(
    nodeops::Reactor& reactor, const nodeops::HttpSettings& settings) {
  return new nodeops::CurlTransfers(reactor, settings);
}
