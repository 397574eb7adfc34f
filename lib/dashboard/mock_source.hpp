// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "dashboard/latency.hpp"
#include "dashboard/mock_data.hpp"
#include "dashboard/source.hpp"
#include "task/timers.hpp"

namespace nodeops::dashboard {

/// How a mock behaves.
struct MockModel {
  Latency latency = Latency::fixed(std::chrono::milliseconds(40));
  double fails = 0;  ///< in so many of all cases, 0 to 1: an error after the latency
  double hangs = 0;  ///< in so many of all cases: no answer at all
};

/// A source that answers out of tables after a seeded time. What becomes of a question depends on
/// the seed, the source's name, the user and the attempt, not on what else is asked.
class MockSource : public Source {
 public:
  MockSource(Timers& timers, std::string name, const MockModel& model,
             std::shared_ptr<const MockData> data, std::uint64_t seed);

  std::unique_ptr<Request> ask(const Question& question, Done done) override;

 private:
  class Pending;
  Timers& timers_;
  std::string name_;
  MockModel model_;
  std::shared_ptr<const MockData> data_;
  std::uint64_t seed_;
};

}  // namespace nodeops::dashboard
