// SPDX-License-Identifier: MIT
#pragma once

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/postgres_server.hpp"
#include "support/temporary_directory.hpp"
#include "webhook/ledger.hpp"
#include "webhook/pipeline_support.hpp"

namespace nodeops::test {

using Bookings = std::vector<webhook::Booking>;

/// A refund of `amount` under its own id.
inline std::string refund_event(const std::string& id, const std::string& refund, int amount) {
  return R"({"id":")" + id +
         R"(","object":"event","type":"refund.created","created":1,"data":{"object":{"id":")" +
         refund + R"(","amount":)" + std::to_string(amount) +
         R"(,"currency":"usd","payment_intent":"pi_1"}}})";
}

/// Applies bodies as one group; what is thrown for one stays in its result.
inline std::vector<Result<webhook::Booking>> apply_each(webhook::Ledger& ledger,
                                                        const std::vector<std::string>& bodies) {
  webhook::EventParser parser;
  std::vector<webhook::Event> events;
  for (const auto& body : bodies) events.push_back(parser.parse(body));
  std::vector<webhook::Claim> claims;
  for (std::size_t i = 0; i < events.size(); ++i)
    claims.push_back({.event = &events[i], .body = bodies[i], .received_at = 1});
  return ledger.apply(claims);
}

inline Bookings apply_all(webhook::Ledger& ledger, const std::vector<std::string>& bodies) {
  Bookings bookings;
  for (auto& booking : apply_each(ledger, bodies)) bookings.push_back(booking.value());
  return bookings;
}

/// A place for a new ledger in each kind of database that can be had here.
struct LedgerPlace {
  std::string kind;
  std::string address;
};

inline std::vector<LedgerPlace> ledger_places(const TemporaryDirectory& directory) {
  std::vector<LedgerPlace> places = {{"sqlite", "sqlite:" + directory / "l.db"}};
  if (auto* const server = PostgresServer::shared())
    places.push_back({"postgresql", server->fresh_place()});
  return places;
}

/// Runs f in a process of its own, which ends without flushing anything; its exit status.
inline int in_child(const std::function<int()>& f) {
  const pid_t child = ::fork();
  if (child == 0) {
    int status = 99;
    try {
      status = f();
    } catch (...) {
      status = 98;
    }
    ::_exit(status);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace nodeops::test
