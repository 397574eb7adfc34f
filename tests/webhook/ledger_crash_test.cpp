// SPDX-License-Identifier: MIT
// Processes that end in the middle, several at once, disks that are full.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <random>

#include "core/error.hpp"
#include "webhook/ledger_support.hpp"

using namespace nodeops;
using namespace nodeops::test;
using namespace nodeops::webhook;

namespace {

std::vector<std::string> payments(int count) {
  std::vector<std::string> bodies;
  for (int i = 0; i < count; ++i)
    bodies.push_back(payment_event("evt_" + std::to_string(i), "pi_" + std::to_string(i), i + 1));
  return bodies;
}

constexpr std::int64_t sum_of(std::int64_t count) {
  return count * (count + 1) / 2;
}

/// Applies bodies in groups until it is done, whatever the ledger says meanwhile.
void apply_in_groups(const std::string& address, const std::vector<std::string>& bodies) {
  constexpr std::size_t group = 25;
  const auto ledger = open_ledger(address, {});
  for (std::size_t from = 0; from < bodies.size(); from += group) {
    const auto to = std::min(from + group, bodies.size());
    apply_all(*ledger, {bodies.begin() + static_cast<std::ptrdiff_t>(from),
                        bodies.begin() + static_cast<std::ptrdiff_t>(to)});
  }
}

}  // namespace

TEST_CASE("a process that ends anywhere in a group leaves all of it or nothing") {
  const TemporaryDirectory directory;
  for (const auto& database : ledger_places(directory)) {
    CAPTURE(database.kind);
    const std::string& address = database.address;
    const auto bodies = payments(5);
    for (const std::string where : {"claim", "apply", "before-commit", "after-commit"}) {
      CAPTURE(where);
      const int status = in_child([&] {
        int calls = 0;
        const auto ledger = open_ledger(address, {.points = [&](std::string_view point) {
                                          const int at =
                                              point == "claim" || point == "apply" ? 3 : 1;
                                          if (point == where && ++calls == at) ::_exit(7);
                                        }});
        apply_all(*ledger, bodies);
        return 0;
      });
      CHECK(status == 7);
      const auto totals = open_ledger(address, {})->totals();
      const bool committed = where == "after-commit";
      CHECK(totals.events == (committed ? 5 : 0));
      CHECK(totals.payments == (committed ? 5 : 0));
      CHECK(totals.succeeded.contains("usd") == committed);
    }
    CHECK(apply_all(*open_ledger(address, {}), bodies) == Bookings(5, Booking::duplicate));
    CHECK(open_ledger(address, {})->totals().succeeded.at("usd") == sum_of(5));
  }
}

TEST_CASE("several processes on one ledger at once, some of them killed, apply each event once") {
  const TemporaryDirectory directory;
  for (const auto& database : ledger_places(directory)) {
    CAPTURE(database.kind);
    const std::string& address = database.address;
    constexpr int count = 500;
    auto bodies = payments(count);
    std::vector<pid_t> children;
    for (unsigned seed = 0; seed < 4; ++seed) {
      std::shuffle(bodies.begin(), bodies.end(), std::mt19937(seed));
      const pid_t child = ::fork();
      if (child == 0) {
        try {
          if (seed == 3) {
            int groups = 0;
            const auto ledger = open_ledger(address, {.points = [&](std::string_view point) {
                                              if (point == "apply" && ++groups == 60) ::_exit(3);
                                            }});
            apply_all(*ledger, bodies);
          }
          apply_in_groups(address, bodies);
        } catch (const std::exception& error) {
          ::fprintf(stderr, "%s\n", error.what());
          ::_exit(9);
        }
        ::_exit(0);
      }
      children.push_back(child);
    }
    for (const pid_t child : children) {
      int status = 0;
      ::waitpid(child, &status, 0);
      // The last one ends early unless the others have left it less than 60 events.
      CHECK((WEXITSTATUS(status) == 0 || (child == children.back() && WEXITSTATUS(status) == 3)));
    }
    const auto totals = open_ledger(address, {})->totals();
    CHECK(totals.events == count);
    CHECK(totals.payments == count);
    CHECK(totals.succeeded.at("usd") == sum_of(count));
  }
}

TEST_CASE("events in opposite orders, in two runs at once, are no deadlock") {
  const TemporaryDirectory directory;
  for (const auto& database : ledger_places(directory)) {
    CAPTURE(database.kind);
    const std::string& address = database.address;
    auto bodies = payments(200);
    const auto other = open_ledger(address, {});
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        for (int round = 0; round < 3; ++round) apply_all(*open_ledger(address, {}), bodies);
      } catch (...) {
        ::_exit(9);
      }
      ::_exit(0);
    }
    std::reverse(bodies.begin(), bodies.end());
    for (int round = 0; round < 3; ++round) apply_all(*other, bodies);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(other->totals().succeeded.at("usd") == sum_of(200));
  }
}

TEST_CASE("a full disk is a 503 without a retry's promise, and nothing is lost or half there") {
  const TemporaryDirectory directory;
  const std::string address = "sqlite:" + directory / "l.db";
  apply_all(*open_ledger(address, {}), {payment_event("evt_0", "pi_0", 5)});
  const auto bodies = payments(3000);
  const int status = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const auto ledger = open_ledger(address, {});
    const rlimit limit{.rlim_cur = 300000, .rlim_max = 300000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    try {
      apply_all(*ledger, bodies);
    } catch (const DeliveryError& error) {
      return error.problem().status == 503 ? 7 : 8;
    }
    return 9;
  });
  CHECK(status == 7);
  const auto ledger = open_ledger(address, {});
  CHECK(ledger->totals().events == 1);
  CHECK(apply_all(*ledger, {payment_event("evt_0", "pi_0", 5)}) == Bookings{Booking::duplicate});
}

TEST_CASE("a directory that may not be written to is told at once") {
  const TemporaryDirectory directory;
  const auto place = directory / "closed";
  std::filesystem::create_directory(place);
  std::filesystem::permissions(place, std::filesystem::perms::owner_read);
  // Root may write everywhere.
  std::filesystem::permissions(directory.path(), std::filesystem::perms::all);
  const int status = in_child([&] {
    if (::geteuid() == 0 && ::setuid(65534) != 0) return 5;
    try {
      open_ledger("sqlite:" + place + "/l.db", {});
    } catch (const AppError& error) {
      return error.kind() == ErrorKind::unavailable ? 7 : 8;
    }
    return 9;
  });
  CHECK(status == 7);
}
