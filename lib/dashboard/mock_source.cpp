// SPDX-License-Identifier: MIT
#include "dashboard/mock_source.hpp"

#include <utility>

namespace nodeops::dashboard {

class MockSource::Pending : public Request {
 public:
  Pending(MockSource& source, const std::string& user, bool fails, Done done)
      : source_(source), user_(user), fails_(fails), done_(std::move(done)) {}
  ~Pending() override { source_.timers_.cancel(timer_); }

  void answer_at(Clock::time_point time) {
    timer_ = source_.timers_.at(time, [this] { answer(); });
  }

 private:
  void answer() {
    timer_ = 0;
    const Done done = std::move(done_);  // this object may go while it is called
    if (!fails_) {
      done({.json = source_.data_->answer(source_.name_, user_, source_.seed_)});
      return;
    }
    done({.json = {},
          .failure = std::make_unique<SourceFailure>(
              SourceFailure{.type = "source-failed",
                            .title = "Source failed",
                            .status = 502,
                            .detail = "the mock has failed, as it was told to",
                            .retryable = true})});
  }

  MockSource& source_;
  const std::string& user_;  ///< the asker's, who lives longer
  bool fails_;
  Done done_;
  TimerId timer_ = 0;
};

MockSource::MockSource(Timers& timers, std::string name, const MockModel& model,
                       std::shared_ptr<const MockData> data, std::uint64_t seed)
    : timers_(timers), name_(std::move(name)), model_(model), data_(std::move(data)), seed_(seed) {}

std::unique_ptr<Request> MockSource::ask(const Question& question, Done done) {
  SeededRandom random(mixed(question.user, mixed(name_, seed_ + question.attempt)));
  const bool hangs = random.chance(model_.hangs);
  const bool fails = random.chance(model_.fails);
  const auto latency = model_.latency.draw(random);
  auto pending = std::make_unique<Pending>(*this, question.user, fails, std::move(done));
  if (!hangs) pending->answer_at(timers_.now() + latency);
  return pending;
}

}  // namespace nodeops::dashboard
