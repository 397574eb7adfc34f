// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <utility>

#include "process/run_nodeops.hpp"

using namespace nodeops::test;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;
/// What CONTRACT allows for default settings, whatever the input.
constexpr std::size_t most = NODEOPS_MEMORY_FACTOR * 64 * mebibyte;
/// Under a sanitizer, which makes the bound mean nothing, less goes through.
constexpr std::size_t filled_megabytes = NODEOPS_MEMORY_FACTOR > 1 ? 1 : 4;
constexpr std::size_t json_megabytes = NODEOPS_MEMORY_FACTOR > 1 ? 1 : 12;
constexpr std::size_t refused_megabytes = NODEOPS_MEMORY_FACTOR > 1 ? 1 : 6;

using Input = std::function<std::string()>;

/// `head`, then `line` again and again for so many megabytes.
Input repeated(std::string head, const std::string& line, std::size_t megabytes) {
  std::string lines;
  while (lines.size() < mebibyte) lines += line;
  return [head = std::move(head), lines, left = megabytes]() mutable {
    if (!head.empty()) return std::exchange(head, {});
    return left-- > 0 ? lines : std::string();
  };
}

ProcessOutcome run(const TemporaryDirectory& place, const std::vector<std::string>& arguments,
                   Input input) {
  Launch launch = csv_transform(place, arguments);
  launch.keep_output = false;
  Process process(launch);
  process.send_from(std::move(input));
  return process.finish();
}

}  // namespace

TEST_CASE("blocks of nothing but tiny malformed records stay within the bound") {
  const TemporaryDirectory place;
  const std::vector<std::vector<std::string>> ways = {
      {"--on-error", "skip"},
      {"--on-error", "skip", "--rejects", "bad.csv"},
      {"--on-error", "keep"},
      {"--on-error", "keep", "--to", "ndjson"}};
  for (const auto& way : ways) {
    CAPTURE(way);
    for (const char* const jobs : {"1", "2"}) {
      auto arguments = way;
      arguments.insert(arguments.end(), {"-j", jobs, "-"});
      const auto outcome = run(place, arguments, repeated("a,b\n", "3\n", refused_megabytes));
      CHECK(outcome.exit_code == 1);
      CHECK(outcome.peak_resident_bytes <= most);
      if (way.back() == "keep") CHECK(outcome.out_bytes == 4 + refused_megabytes * mebibyte);
    }
  }
  CHECK(std::filesystem::file_size(place / "bad.csv") == refused_megabytes * mebibyte);
}

TEST_CASE("fields close to the longest record stay within the bound") {
  const TemporaryDirectory place;
  std::string line = "1,\"";
  while (line.size() < 7 * mebibyte + mebibyte / 2) line += "x\xC3\xA9 \"\"y\"\"\n";
  line += "\"\n";
  const std::vector<std::vector<std::string>> ways = {{"--upper", "b"},
                                                      {"--squeeze", "b", "--capitalize", "b"},
                                                      {"--to", "ndjson"},
                                                      {"--select", "b"}};
  for (const auto& way : ways) {
    CAPTURE(way);
    for (const char* const jobs : {"1", "2"}) {
      CAPTURE(jobs);
      auto arguments = way;
      arguments.insert(arguments.end(), {"-j", jobs, "-"});
      const auto outcome = run(place, arguments, [&, left = 6]() mutable {
        return left-- == 6 ? std::string("a,b\n") : left >= 0 ? line : std::string();
      });
      CHECK(outcome.exit_code == 0);
      CHECK(outcome.out_bytes > 4 * line.size());
      CHECK(outcome.peak_resident_bytes <= most);
    }
  }
}

TEST_CASE("a value that grows beyond the longest record is refused, not made") {
  const TemporaryDirectory place;
  const std::string line = std::string(mebibyte, 'x') + "\n";
  for (const char* const jobs : {"1", "2"}) {
    const auto outcome =
        run(place, {"-j", jobs, "--on-error", "skip", "--replace", "a=/x/123456789/g", "-"},
            repeated("a\n", line, 12));
    CHECK(outcome.exit_code == 1);
    CHECK(outcome.out_bytes == 2);
    CHECK(outcome.peak_resident_bytes <= most);
  }
}

TEST_CASE("a million empty records that each grow a lot stay within the bound") {
  const TemporaryDirectory place;
  const std::string filling(200, 'x');
  const auto filled = run(place, {"-j", "2", "--default", "a=" + filling, "-"},
                          repeated("a\n", "\n", filled_megabytes));
  CHECK(filled.exit_code == 0);
  CHECK(filled.out_bytes == 2 + filled_megabytes * mebibyte * (filling.size() + 1));
  CHECK(filled.peak_resident_bytes <= most);
  const auto json =
      run(place, {"-j", "2", "--to", "ndjson", "-"}, repeated("a\n", "\n", json_megabytes));
  CHECK(json.exit_code == 0);
  CHECK(json.out_bytes == json_megabytes * mebibyte * std::string("{\"a\":\"\"}\n").size());
  CHECK(json.peak_resident_bytes <= most);
}
