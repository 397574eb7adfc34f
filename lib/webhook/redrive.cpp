// SPDX-License-Identifier: MIT
#include "webhook/redrive.hpp"

#include "core/error.hpp"
#include "core/result.hpp"
#include "observe/log.hpp"
#include "webhook/captured_delivery.hpp"
#include "webhook/error_handling.hpp"
#include "webhook/json_document.hpp"

namespace nodeops::webhook {

std::optional<Delivery> RedrivenDeliveries::next() {
  constexpr std::size_t at_once = 16;
  if (letters_.empty()) {
    auto page = settle([&] { return ledger_.dead_letters(last_, at_once); });
    if (!page)
      throw AppError(ErrorKind::unavailable,
                     "--redrive: cannot read the dead letters: " + problem_of(page.error()).detail);
    for (DeadLetter& letter : page.value()) letters_.push_back(std::move(letter));
  }
  if (letters_.empty()) return std::nullopt;
  DeadLetter letter = std::move(letters_.front());
  letters_.pop_front();
  last_ = letter.number;
  Delivery delivery;
  delivery.number = ++number_;
  delivery.place = "dead letter " + std::to_string(letter.number);
  delivery.body = std::move(letter.body);
  delivery.received_at = letter.at;
  delivery.redrives = letter.redrives;
  JsonDocument headers;
  headers.read(letter.headers_json);
  take_headers(delivery, headers, 0);
  on_their_way_.emplace(delivery.number, letter.number);
  return delivery;
}

/// What is deferred was not tried. Should the note fail, the letter stays: an event that was
/// applied is then a duplicate at the next redrive.
void RedrivenDeliveries::settled(const Response& response) {
  const auto letter = on_their_way_.extract(response.number);
  if (letter.empty() || response.outcome == Outcome::deferred) return;
  const auto noted =
      settle([&] { return ledger_.redriven(letter.mapped(), !response.problem), true; });
  if (!noted)
    log::warn("a dead letter could not be marked",
              {{"number", letter.mapped()}, {"reason", words_of(noted.error())}});
}

}  // namespace nodeops::webhook
