// SPDX-License-Identifier: MIT
// Servers that stop, start again, stand still, or are cut off at COMMIT.
#include <doctest/doctest.h>

#include "store/postgres.hpp"
#include "support/tcp_proxy.hpp"
#include "webhook/ledger_support.hpp"

using namespace nodeops;
using namespace nodeops::test;
using namespace nodeops::webhook;
using namespace std::chrono_literals;

namespace {

int status_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const DeliveryError& error) {
    CHECK(error.problem().retryable);
    return error.problem().status;
  }
  return 200;
}

}  // namespace

TEST_CASE("a connection cut at COMMIT is looked up: what was committed is not applied again") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  using Cut = TcpProxy::Cut;
  for (const auto cut : {Cut::after, Cut::before, Cut::silent}) {
    CAPTURE(static_cast<int>(cut));
    TcpProxy proxy(server->port(), "COMMIT");
    const auto ledger = open_ledger(server->fresh_place(proxy.port()), {.answer_wait = 500ms});
    CHECK(apply_all(*ledger, {payment_event("evt_0", "pi_0")}) == Bookings{Booking::processed});
    proxy.cut_next(cut);
    CHECK(apply_all(*ledger, {payment_event("evt_2", "pi_2"), payment_event("evt_0", "pi_0"),
                              payment_event("evt_1", "pi_1")}) ==
          Bookings{Booking::processed, Booking::duplicate, Booking::processed});
    CHECK(proxy.cuts() == 1);
    const auto totals = ledger->totals();
    CHECK(totals.events == 3);
    CHECK(totals.succeeded.at("usd") == 6000);
  }
}

TEST_CASE("a connection cut within a group is made anew, once") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  TcpProxy proxy(server->port(), "evt_cut");
  const auto ledger = open_ledger(server->fresh_place(proxy.port()), {});
  proxy.cut_next(TcpProxy::Cut::before);
  CHECK(apply_all(*ledger, {payment_event("evt_cut", "pi_1")}) == Bookings{Booking::processed});
  proxy.cut_next(TcpProxy::Cut::after);
  CHECK(apply_all(*ledger, {payment_event("evt_cut", "pi_1"), payment_event("evt_2", "pi_2")}) ==
        Bookings{Booking::duplicate, Booking::processed});
  CHECK(ledger->totals().payments == 2);
}

TEST_CASE("a server that is stopped is a 503, and one that is back is used again") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  const auto ledger = open_ledger(server->fresh_place(), {.answer_wait = 2000ms});
  const auto one = payment_event("evt_1", "pi_1");
  CHECK(apply_all(*ledger, {one}) == Bookings{Booking::processed});
  server->stop();
  CHECK(status_of([&] { apply_all(*ledger, {payment_event("evt_2", "pi_2")}); }) == 503);
  CHECK(status_of([&] { ledger->totals(); }) == 503);
  CHECK(status_of([&] { ledger->keep_dead_letter({}); }) == 503);
  server->start();
  CHECK(apply_all(*ledger, {one, payment_event("evt_2", "pi_2")}) ==
        Bookings{Booking::duplicate, Booking::processed});
  server->stop();
  server->start();
  CHECK(apply_all(*ledger, {one}) == Bookings{Booking::duplicate});
  CHECK(ledger->totals().payments == 2);
}

TEST_CASE("a user without rights is a 503 that no second try helps, not a bug") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  auto address = server->fresh_place();
  open_ledger(address, {});
  store::Postgres(address, {})
      .run(
          "CREATE ROLE reader LOGIN;"
          "DO $$BEGIN EXECUTE 'GRANT USAGE ON SCHEMA ' || current_schema() || ' TO reader';"
          " EXECUTE 'GRANT SELECT ON ALL TABLES IN SCHEMA ' || current_schema() || ' TO reader';"
          " END$$");
  const auto ledger = open_ledger(address.replace(address.find("nodeops@"), 7, "reader"), {});
  try {
    apply_all(*ledger, {payment_event("evt_1", "pi_1")});
    FAIL_CHECK("nothing was thrown");
  } catch (const DeliveryError& error) {
    CHECK(error.problem().status == 503);
    CHECK_FALSE(error.problem().retryable);
  }
}

TEST_CASE("a server that stands still is a 503 when the wait is over") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  const auto ledger = open_ledger(server->fresh_place(), {.answer_wait = 300ms});
  server->freeze();
  CHECK(status_of([&] { apply_all(*ledger, {payment_event("evt_1", "pi_1")}); }) == 503);
  server->thaw();
  CHECK(apply_all(*ledger, {payment_event("evt_1", "pi_1")}).size() == 1);
  CHECK(ledger->totals().payments == 1);
}

TEST_CASE("an event that another run holds for too long is in flight, its neighbours are applied") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  const auto address = server->fresh_place();
  const auto waiting = open_ledger(address, {.busy_wait = 50ms});
  const auto held = payment_event("evt_1", "pi_1");
  const auto holding = open_ledger(
      address, {.points = [&](std::string_view point) {
        if (point != "before-commit") return;
        CHECK(apply_all(*waiting,
                        {payment_event("evt_0", "pi_0"), held, payment_event("evt_2", "pi_2")}) ==
              Bookings{Booking::processed, Booking::in_flight, Booking::processed});
      }});
  CHECK(apply_all(*holding, {held}) == Bookings{Booking::processed});
  CHECK(apply_all(*waiting, {held}) == Bookings{Booking::duplicate});
  CHECK(waiting->totals().payments == 3);
}

TEST_CASE("two events that two runs lock crosswise are tried again, not failed") {
  auto* const server = PostgresServer::shared();
  if (server == nullptr) return;
  const auto address = server->fresh_place();
  const auto ledger = open_ledger(address, {});
  // The events' ids are in order, their payments' are not: pi_x and pi_y, and pi_y and pi_x.
  const int child = in_child([&] {
    const pid_t other = ::fork();
    if (other == 0) {
      const auto crossing = open_ledger(address, {});
      for (int i = 0; i < 20; ++i)
        apply_each(*crossing,
                   {payment_event("evt_b" + std::to_string(i), "pi_x" + std::to_string(i)),
                    payment_event("evt_c" + std::to_string(i), "pi_y" + std::to_string(i))});
      ::_exit(0);
    }
    const auto mine = open_ledger(address, {});
    for (int i = 0; i < 20; ++i)
      apply_all(*mine, {payment_event("evt_d" + std::to_string(i), "pi_y" + std::to_string(i)),
                        payment_event("evt_e" + std::to_string(i), "pi_x" + std::to_string(i))});
    int status = 0;
    ::waitpid(other, &status, 0);
    return WEXITSTATUS(status);
  });
  CHECK(child == 0);
  const auto totals = ledger->totals();
  CHECK(totals.events == 80);
  CHECK(totals.payments == 40);
}
