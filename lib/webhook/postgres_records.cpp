// SPDX-License-Identifier: MIT
// What PostgresLedger does besides applying events: dead letters and totals.
#include <charconv>

#include "core/error.hpp"
#include "stream/digest.hpp"
#include "webhook/ledger_failure.hpp"
#include "webhook/postgres_ledger.hpp"

namespace nodeops::webhook {
namespace {

using store::PostgresCall;

template <class Number>
Number number(const std::optional<std::string>& text) {
  Number value{};
  const std::string& digits = text.value();
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size())
    throw AppError(ErrorKind::bad_data,
                   "the ledger holds " + digits + ", more than 9223372036854775807");
  return value;
}

std::string from_hex(const std::string& digits) {
  const auto value = [](char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; };
  std::string bytes(digits.size() / 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(value(digits[2 * i]) * 16 + value(digits[2 * i + 1]));
  return bytes;
}

}  // namespace

void PostgresLedger::keep_dead_letter(const DeadLetter& letter) {
  const auto digest = sha256(letter.body);
  PostgresCall keep("keep-letter");
  keep.with(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
  keep.with(letter.event_id).with(letter.problem_type).with(letter.reason);
  keep.with(letter.body).with(letter.headers_json).with(letter.at);
  told([&] { return call_again(keep); });
}

std::vector<DeadLetter> PostgresLedger::dead_letters(std::int64_t after, std::size_t most) {
  return told([&] {
    PostgresCall select("letters");
    select.with(after).with(static_cast<std::int64_t>(most));
    std::vector<DeadLetter> letters;
    for (const auto& row : call_again(select).rows)
      letters.push_back({.event_id = row[1].value(),
                         .problem_type = row[2].value(),
                         .reason = row[3].value(),
                         .body = from_hex(row[4].value()),
                         .headers_json = row[5].value(),
                         .at = number<std::int64_t>(row[6]),
                         .redrives = number<unsigned>(row[7]),
                         .number = number<std::int64_t>(row[0])});
    return letters;
  });
}

void PostgresLedger::redriven(std::int64_t number, bool applied) {
  PostgresCall change(applied ? "applied" : "not-applied");
  change.with(number);
  told([&] {
    // Not twice by itself: an unknown outcome would count one redrive as two.
    database();
    return call(change);
  });
}

LedgerTotals PostgresLedger::totals() {
  return told([&] {
    LedgerTotals totals;
    // A harmless question first, which renews a connection that was lost meanwhile.
    call_again(PostgresCall("find").with(std::string_view()).with(std::string_view()));
    totals.events = number<std::uint64_t>(database().run("SELECT count(*) FROM events").rows[0][0]);
    const auto sums = [&](const std::string& table, std::uint64_t& count, auto& amounts) {
      const auto found = database().run("SELECT currency, count(*), sum(amount) FROM " + table +
                                        " GROUP BY currency");
      for (const auto& row : found.rows) {
        count += number<std::uint64_t>(row[1]);
        amounts[row[0].value()] = number<std::int64_t>(row[2]);
      }
    };
    sums("payments", totals.payments, totals.succeeded);
    sums("refunds", totals.refunds, totals.refunded);
    return totals;
  });
}

}  // namespace nodeops::webhook
