// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <utility>

#include "process/run_nodeops.hpp"

using namespace nodeops::test;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;
/// Enough to show in the peak that memory grows; less under a sanitizer, where the peak says
/// nothing.
constexpr std::size_t many_megabytes = NODEOPS_MEMORY_FACTOR > 1 ? 20 : 120;

/// `head`, then `megabytes` of lines that look like records, and no end of the quote.
std::function<std::string()> swallowing(std::string head, std::size_t megabytes) {
  std::string lines;
  while (lines.size() < mebibyte) lines += "1,2,3\n";
  lines.resize(mebibyte);
  return [head = std::move(head), lines, left = megabytes]() mutable {
    if (!head.empty()) return std::exchange(head, {});
    return left-- > 0 ? lines : std::string();
  };
}

/// That many megabytes, and a little more, of good records.
std::function<std::string()> many_records(std::size_t megabytes) {
  std::string lines;
  while (lines.size() < mebibyte) lines += "anna o'neil,\"quoted, field\",x\n";
  return [lines, left = megabytes]() mutable { return left-- > 0 ? lines : std::string(); };
}

}  // namespace

TEST_CASE("a quote that swallows the rest stops the run with the line where it opened") {
  const TemporaryDirectory place;
  place.write("out.csv", "old");
  Process process(csv_transform(place, {"--upper", "b", "-o", "out.csv", "-"}));
  process.send_from(swallowing("a,b,c\n1,2,3\n4,\"x\ny\",6\n7,\"never", many_megabytes));
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 65);
  CHECK(is_one_message(outcome.err));
  CHECK(contains(outcome.err, "-:5:"));
  CHECK(outcome.peak_resident_bytes <= NODEOPS_MEMORY_FACTOR * 64 * mebibyte);
  CHECK(place.read("out.csv") == "old");
}

TEST_CASE("a quote that swallows the rest of a large input is skipped or kept in bounded memory") {
  const TemporaryDirectory place;
  for (const char* const policy : {"skip", "keep"}) {
    CAPTURE(policy);
    Launch launch =
        csv_transform(place, {"--on-error", policy, "--upper", "b", "--rejects", "bad.csv", "-"});
    launch.keep_output = false;
    Process process(launch);
    const std::string head = "a,b,c\nx,y,z\n7,\"never";
    process.send_from(swallowing(head, many_megabytes));
    const auto outcome = process.finish();
    CHECK(outcome.exit_code == 1);
    CHECK(outcome.peak_resident_bytes <= NODEOPS_MEMORY_FACTOR * 64 * mebibyte);
    const bool skipped = std::string_view(policy) == "skip";
    CHECK(outcome.out_bytes == (skipped ? 12 : head.size() + many_megabytes * mebibyte));
    if (skipped) {
      CHECK(std::filesystem::file_size(place / "bad.csv") == 8 + many_megabytes * mebibyte);
      CHECK(contains(place.read("bad.csv.why.ndjson"), "\"line\":3"));
    }
  }
}

TEST_CASE("memory does not grow with the input, for one worker and for two") {
  const TemporaryDirectory place;
  for (const char* const jobs : {"1", "2"}) {
    Launch launch = csv_transform(
        place, {"--no-header", "-j", jobs, "--capitalize", "2", "--select", "2,1", "-"});
    launch.keep_output = false;
    Process process(launch);
    process.send_from(many_records(many_megabytes));
    const auto outcome = process.finish();
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.peak_resident_bytes <= NODEOPS_MEMORY_FACTOR * 64 * mebibyte);
    CHECK(outcome.out_bytes > many_megabytes * mebibyte / 2);
  }
}

TEST_CASE("memory does not grow with compressed output and input") {
  const TemporaryDirectory place;
  for (const std::string& name : {std::string("big.csv.gz"), std::string("big.csv.zst")}) {
    CAPTURE(name);
    Process writer(csv_transform(place, {"--no-header", "-o", name, "-"}));
    writer.send_from(many_records(many_megabytes));
    const auto written = writer.finish();
    CHECK(written.exit_code == 0);
    CHECK(written.peak_resident_bytes <= NODEOPS_MEMORY_FACTOR * 64 * mebibyte);
    Launch launch = csv_transform(place, {"--no-header", "--upper", "1", name});
    launch.keep_output = false;
    const auto read = run_process(launch);
    CHECK(read.exit_code == 0);
    CHECK(read.peak_resident_bytes <= NODEOPS_MEMORY_FACTOR * 64 * mebibyte);
    CHECK(read.out_bytes >= many_megabytes * mebibyte);
  }
}

TEST_CASE("a record over the limit is malformed, with its line, and the rest goes on") {
  const TemporaryDirectory place;
  const std::string text = "a,b\n1,2\n3," + std::string(5000, 'x') + "\n4,5\n";
  const auto stopped = run_csv_transform(place, {"--max-record", "4K", "-"}, text);
  CHECK(stopped.exit_code == 65);
  CHECK(is_one_message(stopped.err));
  CHECK(contains(stopped.err, "-:3:"));
  const auto skipped =
      run_csv_transform(place, {"--max-record", "4K", "--on-error", "skip", "-"}, text);
  CHECK(skipped.exit_code == 1);
  CHECK(skipped.out == "a,b\n1,2\n4,5\n");
  const auto kept =
      run_csv_transform(place, {"--max-record", "4K", "--on-error", "keep", "-"}, text);
  CHECK(kept.exit_code == 1);
  CHECK(kept.out == text);
}

TEST_CASE("a record over the limit that ends blocks later is left out alone") {
  const TemporaryDirectory place;
  const std::string text = "a,b\n1,2\n3," + std::string(9 * mebibyte, 'x') + "\n4,z\n";
  for (const std::vector<std::string>& steps :
       {std::vector<std::string>{"--upper", "a"}, {"--upper", "b"}, {"--select", "a,b"}}) {
    CAPTURE(steps[0]);
    const auto outcome =
        run_csv_transform(place, {steps[0], steps[1], "--on-error", "skip", "-"}, text);
    CHECK(outcome.signal == 0);
    CHECK(outcome.exit_code == 1);
    CHECK(outcome.out == (steps[1] == "b" ? "a,b\n1,2\n4,Z\n" : "a,b\n1,2\n4,z\n"));
  }
  const auto json = run_csv_transform(
      place, {"--to", "ndjson", "--max-record", "1K", "--buffer", "64", "--on-error", "skip", "-"},
      text);
  CHECK(json.out == "{\"a\":\"1\",\"b\":\"2\"}\n{\"a\":\"4\",\"b\":\"z\"}\n");
}

TEST_CASE("a message names the right line behind values that gained or lost line ends") {
  const TemporaryDirectory place;
  const std::string gained = "a,b\n1,\"x;y\"\n2\n";
  CHECK(contains(run_csv_transform(place, {"--replace", "b=/x/\n/", "-"}, gained).err, "-:3:"));
  const std::string lost = "a,b\n1,\"x\ny\"\n2\n";
  CHECK(contains(run_csv_transform(place, {"--replace", "b=/\n/;/", "-"}, lost).err, "-:4:"));
}

TEST_CASE("dropping every column is a usage error") {
  const TemporaryDirectory place;
  const auto outcome = run_csv_transform(place, {"--upper", "1", "--drop", "a", "-"}, "a\n1\n");
  CHECK(outcome.exit_code == 2);
  CHECK(is_one_message(outcome.err));
}

TEST_CASE("a record longer than a block and shorter than the limit is a record as any other") {
  const TemporaryDirectory place;
  const std::string text = "a,b\n1,\"" + std::string(3 * mebibyte, 'x') + "\n\"\n2,y\n";
  std::string upper = text;
  for (std::size_t at = 4; at < upper.size(); ++at) {
    if (upper[at] == 'x' || upper[at] == 'y') upper[at] = static_cast<char>(upper[at] - 32);
  }
  const auto outcome = run_csv_transform(place, {"--upper", "b", "-"}, text);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == upper);
}

TEST_CASE("an unterminated quote at the end is an error with its line") {
  const TemporaryDirectory place;
  const std::string text = "a,b\n1,2\n3,\"four\nfive\n";
  const auto stopped = run_csv_transform(place, {"-"}, text);
  CHECK(stopped.exit_code == 65);
  CHECK(is_one_message(stopped.err));
  CHECK(contains(stopped.err, "-:3:"));
  const auto kept = run_csv_transform(place, {"--on-error", "keep", "-"}, text);
  CHECK(kept.exit_code == 1);
  CHECK(kept.out == text);
}

TEST_CASE("NUL bytes, invalid UTF-8 and lone CRs in the data come through unchanged") {
  const TemporaryDirectory place;
  const std::string text("a,b\n1,\0\0z\n\xff\xc3,\xe2\x82\nx\ry,w\n", 22);
  const auto identity = run_csv_transform(place, {"-"}, text);
  CHECK(identity.exit_code == 0);
  CHECK(identity.out == text);
  const std::string upper("a,b\n1,\0\0Z\n\xff\xc3,\xe2\x82\nx\ry,W\n", 22);
  const auto changed = run_csv_transform(place, {"--upper", "b", "-"}, text);
  CHECK(changed.exit_code == 0);
  CHECK(changed.out == upper);
}

TEST_CASE("a file with CRs alone is read by its CRs and keeps them") {
  const TemporaryDirectory place;
  const auto outcome = run_csv_transform(place, {"--upper", "b", "-"}, "a,b\r1,x\r2,\"y\rz\"\r");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == "a,b\r1,X\r2,\"Y\rZ\"\r");
}

TEST_CASE("mixed line ends, a byte order mark and a missing final newline stay as they are") {
  const TemporaryDirectory place;
  const std::string head = "\xef\xbb\xbf";
  const auto outcome =
      run_csv_transform(place, {"--upper", "a", "-"}, head + "a,b\r\nx,1\ny,2\r\nz,3");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == head + "a,b\r\nX,1\nY,2\r\nZ,3");
}

TEST_CASE("an empty file and a header alone are fine") {
  const TemporaryDirectory place;
  CHECK(run_csv_transform(place, {"-"}, "").exit_code == 0);
  CHECK(run_csv_transform(place, {"-"}, "").out.empty());
  const auto header = run_csv_transform(place, {"--upper", "a", "--select", "a", "-"}, "a,b\n");
  CHECK(header.exit_code == 0);
  CHECK(header.out == "a\n");
}

TEST_CASE("a column name that stands twice in the header is named when it is used") {
  const TemporaryDirectory place;
  const auto outcome = run_csv_transform(place, {"--upper", "a", "-"}, "a,b,a\n1,2,3\n");
  CHECK(outcome.exit_code == 2);
  CHECK(is_one_message(outcome.err));
  CHECK(contains(outcome.err, "a"));
  CHECK(run_csv_transform(place, {"--upper", "3", "-"}, "a,b,a\nx,y,z\n").out == "a,b,a\nx,y,Z\n");
}
