// SPDX-License-Identifier: MIT
#include "webhook/pipeline.hpp"

#include <algorithm>
#include <random>

#include "core/error.hpp"
#include "observe/log.hpp"
#include "stream/ordered.hpp"
#include "webhook/error_handling.hpp"

namespace nodeops::webhook {
namespace {

std::uint64_t unpredictable() {
  std::random_device device;
  return std::uint64_t{device()} << 32U | device();
}

}  // namespace

Pipeline::Pipeline(PipelineOptions options, PipelineParts parts)
    : options_(std::move(options)),
      parts_(std::move(parts)),
      instances_(unpredictable()),
      started_(parts_.now()) {}

void Pipeline::run(DeliverySource& source) {
  const auto verified_at = [this](const Delivery& delivery) {
    if (options_.verified_at) return *options_.verified_at;
    return delivery.received_at ? *delivery.received_at : parts_.unix_now();
  };
  const std::size_t threads = source.can_be_read_ahead() ? parts_.intakes.size() - 1 : 1;
  if (!has_enough()) {
    Ordered<Intake>(parts_.intakes, std::max(1U, static_cast<unsigned>(threads)))
        .run({.read = [&](Intake& intake) { return fill(intake, source); },
              .prepare = [](Intake&) {},
              .work = [&](Intake& intake) { intake.examine(verified_at); },
              .write = [&](Intake& intake) { return send(intake, source); }});
  }
  // What has come this far is answered, whatever has ended the input.
  commit(source);
  if (input_failure_) std::rethrow_exception(input_failure_);
  if (parts_.stop.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
}

/// A part of a group: its deliveries are then examined by one thread.
bool Pipeline::fill(Intake& intake, DeliverySource& source) {
  constexpr std::size_t most = 64;
  constexpr std::size_t part = 8;
  if (input_has_failed_) return false;
  const bool filled = intake.read(
      source,
      {.deliveries = std::min(most, options_.group_commit), .bytes = options_.group_bytes / part},
      parts_.now, parts_.stop);
  input_has_failed_ = intake.failure() != nullptr;
  return filled;
}

/// Sends its deliveries through all stages. False: no more are wanted.
bool Pipeline::send(Intake& intake, DeliverySource& source) {
  for (Received& received : intake.received()) {
    if (has_enough()) break;
    take_in(std::move(received));
    if (is_full()) commit(source);
  }
  if (intake.has_to_wait()) commit(source);
  input_failure_ = intake.failure();
  return !input_failure_ && !has_enough();
}

bool Pipeline::has_enough() const {
  return options_.selection.limit && taken_ >= *options_.selection.limit;
}

/// One delivery through the stages that need no ledger.
void Pipeline::take_in(Received received) {
  InFlight flight{.received = std::move(received)};
  flight.response.number = flight.received.delivery.number;
  ++parts_.totals.items_in;
  pass(flight, Stage::read, &Pipeline::read);
  pass(flight, Stage::verify, &Pipeline::verify);
  pass(flight, Stage::parse, &Pipeline::parse);
  pass(flight, Stage::validate, &Pipeline::validate);
  if (!flight.response.problem && !options_.selection.takes(flight.event)) {
    ++parts_.totals.items_skipped;
    return;
  }
  ++taken_;
  group_bytes_ += flight.received.delivery.body.size();
  group_.push_back(std::move(flight));
}

/// A stage of one delivery. Whoever has failed before passes by.
void Pipeline::pass(InFlight& flight, Stage stage, StageFunction function) {
  if (flight.response.problem) return;
  const auto passed = settle([&] {
    parts_.faults.strike(stage);
    (this->*function)(flight);
    return true;
  });
  if (!passed) settle_failure(flight, passed.error());
}

void Pipeline::read(InFlight& flight) {
  const auto& unreadable = flight.received.delivery.unreadable;
  if (unreadable) throw DeliveryError(*unreadable);
}

void Pipeline::verify(InFlight& flight) {
  if (flight.received.unverified) std::rethrow_exception(flight.received.unverified);
}

void Pipeline::parse(InFlight& flight) {
  flight.response.event_id = std::move(flight.received.event_id);
  flight.event = std::move(flight.received.event.value());
}

/// The parser has validated what it has read; here faults can be put.
void Pipeline::validate(InFlight& flight) {
  static_cast<void>(flight);
}

void Pipeline::claim(InFlight& flight) {
  if (parts_.ledger != nullptr) return;
  flight.response.outcome =
      flight.event.effect == Effect::ignored ? Outcome::ignored : Outcome::processed;
}

bool Pipeline::is_full() const {
  return group_.size() >= options_.group_commit || group_bytes_ >= options_.group_bytes;
}

/// The group as one durable commit, then its answers.
void Pipeline::commit(DeliverySource& source) {
  if (group_.empty()) return;
  for (InFlight& flight : group_) pass(flight, Stage::claim, &Pipeline::claim);
  if (parts_.ledger != nullptr) apply_all();
  answer_all(source);
  group_.clear();
  group_bytes_ = 0;
}

void Pipeline::apply_all() {
  std::vector<InFlight*> flights;
  std::vector<Claim> claims;
  flights.reserve(group_.size());
  claims.reserve(group_.size());
  for (InFlight& flight : group_) {
    if (flight.response.problem) continue;
    flights.push_back(&flight);
    claims.push_back(
        {.event = &flight.event,
         .body = flight.received.delivery.body,
         .received_at = flight.received.delivery.received_at.value_or(parts_.unix_now())});
  }
  auto bookings = parts_.ledger->apply(claims);
  for (std::size_t i = 0; i < flights.size(); ++i) book(*flights[i], bookings[i]);
}

void Pipeline::book(InFlight& flight, Result<Booking>& booking) {
  const auto booked = settle([&] {
    switch (booking.value()) {
      case Booking::processed:
        flight.response.outcome = Outcome::processed;
        break;
      case Booking::duplicate:
        flight.response.outcome = Outcome::duplicate;
        break;
      case Booking::disagreeing:
        flight.response.outcome = Outcome::duplicate;
        ++disagreements_;
        log::warn(flight.received.delivery.place +
                      ": another event has booked this with another amount or currency",
                  {{"event_id", flight.event.id}, {"object_id", flight.event.object_id}});
        break;
      case Booking::ignored:
        flight.response.outcome = Outcome::ignored;
        break;
      case Booking::conflict:
        throw DeliveryError(
            Problem{.status = 409,
                    .type = "idempotency-conflict",
                    .title = "Idempotency conflict",
                    .detail = "an event of this id was applied with other content"});
      case Booking::in_flight:
        throw DeliveryError(Problem{.status = 409,
                                    .type = "in-flight",
                                    .title = "In flight",
                                    .detail = "another run holds this event now",
                                    .retry_after_s = 1});
    }
    return true;
  });
  if (!booked) settle_failure(flight, booked.error());
}

void Pipeline::respond(InFlight& flight) {
  const auto elapsed = parts_.now() - flight.received.begun;
  flight.response.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(elapsed);
}

/// Writes what became of the group. Dead letters are on the disk before.
void Pipeline::answer_all(DeliverySource& source) {
  lines_.clear();
  for (InFlight& flight : group_) {
    pass(flight, Stage::respond, &Pipeline::respond);
    write_dead_letter(flight);
    append_response(lines_, flight.response);
  }
  if (parts_.dead_letters != nullptr) parts_.dead_letters->sync();
  for (const InFlight& flight : group_) {
    source.settled(flight.response);
    outcomes_.add(flight.response.outcome);
    ++(flight.response.problem ? parts_.totals.items_failed : parts_.totals.items_ok);
  }
  parts_.responses.write(lines_);
  parts_.answered(outcomes_);
  parts_.events.emit(
      Progress{.totals = parts_.totals.snapshot(), .elapsed = parts_.now() - started_});
}

}  // namespace nodeops::webhook
