// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/io.hpp"
#include "core/seeded_random.hpp"
#include "observe/events.hpp"
#include "webhook/dead_letter_file.hpp"
#include "webhook/delivery_source.hpp"
#include "webhook/event.hpp"
#include "webhook/fault.hpp"
#include "webhook/guarded_ledger.hpp"
#include "webhook/intake.hpp"
#include "webhook/response.hpp"
#include "webhook/selection.hpp"

namespace nodeops::webhook {

struct PipelineOptions {
  std::size_t group_commit = 256;                  ///< deliveries per commit, at most
  std::size_t group_bytes = std::size_t{8} << 20;  ///< of their bodies, about
  std::optional<std::int64_t> verified_at = {};    ///< empty: when each was received
  Selection selection = {};
  std::uint64_t default_retry_after_s = 2;  ///< of a 503 that does not say it
};

/// What a pipeline works with. All must outlive it.
struct PipelineParts {
  /// One, or one more than there are to be threads for sources that can be read ahead.
  std::vector<Intake>& intakes;
  GuardedLedger* ledger;         ///< null: a dry run
  DeadLetterFile* dead_letters;  ///< null: none is kept but by the ledger
  Faults& faults;
  ByteSink& responses;
  RunTotals& totals;
  RunEvents& events;
  std::stop_token stop;
  std::function<Clock::time_point()> now;
  std::function<std::int64_t()> unix_now;
  /// Is called with how all have ended so far, behind the answers of each group.
  std::function<void(const OutcomeCounts&)> answered = [](const OutcomeCounts&) {};
};

/// Sends deliveries through the stages
///
///     read > verify > parse > validate > [ claim > apply ] > respond
///
/// one by one up to validate, then together: a group is one durable commit, and its answers are
/// written after that. Signatures and bodies are looked at beforehand, beside the commit of those
/// before them where the source can be read ahead; their stages tell what was found. An error of
/// any stage ends in settle_failure(), nowhere else.
class Pipeline {
 public:
  Pipeline(PipelineOptions options, PipelineParts parts);

  /// Until the source's end or the limit. Throws what stops the run: AppError of a source or a
  /// sink, interrupted; the group in flight is then committed and answered, if it can be.
  void run(DeliverySource& source);

  const OutcomeCounts& outcomes() const { return outcomes_; }

  /// How many events wanted other money of a payment or refund than what another has booked.
  std::uint64_t disagreements() const { return disagreements_; }

 private:
  /// A delivery on its way.
  struct InFlight {
    Received received;
    Event event = {};
    Response response = {};
  };
  using StageFunction = void (Pipeline::*)(InFlight&);

  bool fill(Intake& intake, DeliverySource& source);
  bool send(Intake& intake, DeliverySource& source);
  void take_in(Received received);
  bool has_enough() const;
  void read(InFlight& flight);
  void verify(InFlight& flight);
  void parse(InFlight& flight);
  void validate(InFlight& flight);
  void claim(InFlight& flight);
  void respond(InFlight& flight);

  void pass(InFlight& flight, Stage stage, StageFunction function);
  bool is_full() const;
  void commit(DeliverySource& source);
  void apply_all();
  void book(InFlight& flight, Result<Booking>& booking);
  void answer_all(DeliverySource& source);
  void settle_failure(InFlight& flight, const std::exception_ptr& error);
  bool keep_dead_letter(const InFlight& flight);
  void write_dead_letter(const InFlight& flight);
  void tell(const InFlight& flight, const std::exception_ptr& error);

  PipelineOptions options_;
  PipelineParts parts_;
  std::vector<InFlight> group_;
  std::size_t group_bytes_ = 0;
  bool input_has_failed_ = false;     ///< of whoever reads; the others look at the failure
  std::exception_ptr input_failure_;  ///< what has ended the input, when that was no good end
  std::uint64_t taken_ = 0;           ///< deliveries that count
  std::uint64_t told_ = 0;            ///< failures in the log
  OutcomeCounts outcomes_;
  std::uint64_t disagreements_ = 0;
  SeededRandom instances_;
  Clock::time_point started_;
  std::string lines_;
};

}  // namespace nodeops::webhook
