// SPDX-License-Identifier: MIT
#include "dashboard/batch.hpp"

#include <doctest/doctest.h>

#include "dashboard/fakes.hpp"
#include "dashboard/ids.hpp"
#include "dashboard/mock_source.hpp"
#include "dashboard/render.hpp"

using namespace nodeops;
using namespace nodeops::dashboard;
using namespace std::chrono_literals;

namespace {

/// A batch of mocks on simulated time.
struct MockBatch {
  explicit MockBatch(Batch::Options options, std::size_t ids = 500) {
    const auto data = std::make_shared<MockData>();
    const auto add = [&](SourcePlan plan, const MockModel& model) {
      sources.push_back({.plan = plan,
                         .source = std::make_unique<MockSource>(timers, plan.name, model, data, 3),
                         .guard = Guard({.retry_budget = false}, timers.now())});
    };
    add({.name = "profile", .required = true, .cutoff = 500ms},
        {.latency = Latency::lognormal(40ms, 0.5)});
    add({.name = "notifications", .cutoff = 300ms, .retries = 1},
        {.latency = Latency::lognormal(120ms, 0.9), .fails = 0.1, .hangs = 0.1});
    renderer = ndjson_renderer({.plans = {sources[0].plan, sources[1].plan}, .budget = 500ms});
    Batch batch(timers, sources, {}, options,
                {.next = [&, next = std::size_t{0}]() mutable -> std::optional<std::string> {
                   if (next >= ids) return std::nullopt;
                   taken = next + 1;
                   return std::to_string(next++);
                 },
                 .exhausted = [&] { return taken >= ids; },
                 .may_start = [] { return true; },
                 .show =
                     [&](const Dashboard& one) {
                       most_open =
                           std::max<std::uint64_t>(most_open, batch_started() - order.size());
                       order.push_back(one.number);
                       renderer->show(one, text);
                     }});
    running = &batch;
    batch.wake();
    while (!batch.over()) REQUIRE(timers.run_next());
    most_in_flight = most_open;
  }
  std::uint64_t batch_started() const { return running->started(); }

  VirtualTimers timers;
  std::vector<PlannedSource> sources;
  std::unique_ptr<Renderer> renderer;
  Batch* running = nullptr;
  std::size_t taken = 0;
  std::vector<std::uint64_t> order;
  std::string text;
  std::uint64_t most_open = 0;
  std::uint64_t most_in_flight = 0;
};

/// Answers with the id itself.
class EchoSource : public Source {
 public:
  EchoSource(Timers& timers, std::function<Clock::duration(const std::string&)> wait)
      : timers_(timers), wait_(std::move(wait)) {}

  std::unique_ptr<Request> ask(const Question& question, Done done) override {
    timers_.at(timers_.now() + wait_(question.user),
               [done = std::move(done), json = '"' + question.user + '"'] {
                 const Done tell = done;
                 tell({.json = json});
               });
    return std::make_unique<Request>();
  }

 private:
  Timers& timers_;
  std::function<Clock::duration(const std::string&)> wait_;
};

}  // namespace

TEST_CASE("dashboards come in the order of their ids, the same at any concurrency") {
  const MockBatch one({.concurrency = 1});
  REQUIRE(one.order.size() == 500);
  CHECK(std::is_sorted(one.order.begin(), one.order.end()));
  for (const std::size_t concurrency : {2, 64, 1000}) {
    const MockBatch many({.concurrency = concurrency});
    CHECK(many.text == one.text);
    CHECK(many.most_open <= 2 * concurrency);
  }
}

TEST_CASE("unordered, every dashboard comes once") {
  MockBatch batch({.concurrency = 50, .ordered = false});
  CHECK_FALSE(std::is_sorted(batch.order.begin(), batch.order.end()));
  std::sort(batch.order.begin(), batch.order.end());
  REQUIRE(batch.order.size() == 500);
  for (std::uint64_t i = 0; i < batch.order.size(); ++i) CHECK(batch.order[i] == i);
}

TEST_CASE("large ids and answers mean fewer at a time, and all are shown") {
  VirtualTimers timers;
  std::vector<PlannedSource> sources;
  // The first one is slow: all others wait for it, with their answers.
  const auto slow_first = [](const std::string& user) {
    return user.starts_with("0") ? 400ms : 1ms;
  };
  const SourcePlan plan{.name = "a", .required = true, .cutoff = 500ms};
  sources.push_back({.plan = plan,
                     .source = std::make_unique<EchoSource>(timers, slow_first),
                     .guard = Guard({}, timers.now())});
  constexpr std::size_t size_of_id = 10'000;
  constexpr std::size_t limit = 100'000;
  std::size_t next = 0;
  std::size_t shown = 0;
  std::size_t most_open = 0;
  Batch batch(timers, sources, {}, {.concurrency = 1000, .most_bytes = limit},
              {.next = [&]() -> std::optional<std::string> {
                 if (next == 200) return std::nullopt;
                 most_open = std::max(most_open, ++next - shown);
                 auto id = std::to_string(next - 1) + "-";
                 return id + std::string(size_of_id - id.size(), 'x');
               },
               .exhausted = [&] { return next == 200; },
               .may_start = [] { return true; },
               .show = [&](const Dashboard& one) { CHECK(one.number == shown++); }});
  batch.wake();
  while (!batch.over()) REQUIRE(timers.run_next());
  CHECK(shown == 200);
  CHECK(most_open >= 5);
  CHECK(most_open <= limit / size_of_id + 1);
}

TEST_CASE("answers that turn out large mean fewer in flight, from the first one on") {
  VirtualTimers timers;
  std::vector<PlannedSource> sources;
  sources.push_back(
      {.plan = {.name = "a", .required = true, .cutoff = 300ms},
       .source = std::make_unique<EchoSource>(timers, [](const auto&) { return 1ms; }),
       .guard = Guard({}, timers.now())});
  constexpr std::size_t size = 2 * Batch::small_dashboard;
  std::size_t next = 0;
  std::size_t shown = 0;
  std::size_t most_open = 0;
  Batch batch(timers, sources, {},
              {.concurrency = 1000, .ordered = false, .first_wave = 3, .most_bytes = 10 * size},
              {.next = [&]() -> std::optional<std::string> {
                 if (next == 100) return std::nullopt;
                 most_open = std::max(most_open, ++next - shown);
                 return std::string(size, 'x');
               },
               .exhausted = [&] { return next == 100; },
               .may_start = [] { return true; },
               .show =
                   [&](const Dashboard&) {
                     if (++shown == 1) CHECK(most_open == 3);
                   }});
  batch.wake();
  while (!batch.over()) REQUIRE(timers.run_next());
  CHECK(shown == 100);
  CHECK(most_open > 3);
  CHECK(most_open <= 10);
}

TEST_CASE("a rate makes a batch slower, not partial") {
  VirtualTimers timers;
  std::vector<PlannedSource> sources;
  for (const char* const name : {"a", "b"}) {
    sources.push_back(
        {.plan = {.name = name, .required = true, .cutoff = 300ms},
         .source = std::make_unique<EchoSource>(timers, [](const auto&) { return 1ms; }),
         .guard = Guard({.questions_per_second = 50}, timers.now())});
  }
  std::size_t next = 0;
  std::size_t complete = 0;
  Batch batch(timers, sources, {}, {.concurrency = 64},
              {.next = [&]() -> std::optional<std::string> {
                 if (next == 100) return std::nullopt;
                 return std::to_string(next++);
               },
               .exhausted = [&] { return next == 100; },
               .may_start = [] { return true; },
               .show =
                   [&](const Dashboard& one) {
                     complete += one.status == DashboardStatus::complete ? 1 : 0;
                   }});
  const auto began = timers.now();
  batch.wake();
  while (!batch.over()) REQUIRE(timers.run_next());
  CHECK(complete == 100);
  // The first goes at once, the others 20 ms behind one another.
  CHECK(timers.now() - began == 99 * 20ms + 1ms);
}

TEST_CASE("ids are lines: blank ones, CRs and a byte-order mark do not count") {
  for (const std::size_t piece : {1, 2, 3, 100}) {
    MemorySource source(
        "\xEF\xBB\xBF"
        "1\r\n\n\r\n \t\n a b \n3",
        piece);
    IdReader reader(source);
    CHECK(reader.next(true) == "1");
    CHECK(reader.next(true) == " a b ");
    CHECK(reader.next(true) == "3");
    CHECK_FALSE(reader.next(true).has_value());
    CHECK(reader.over());
  }
}

TEST_CASE("an id without end is an error that names its line") {
  const std::string text = "1\n" + std::string(IdReader::longest + (1 << 17), 'x');
  MemorySource source(text);
  IdReader reader(source);
  CHECK(reader.next(true) == "1");
  CHECK_THROWS_WITH(reader.next(true), "-:2: an id of more than 8 MiB");
}
