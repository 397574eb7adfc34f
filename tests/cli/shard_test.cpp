// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "cli/run_nodeops.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops::test;

namespace {

/// The outputs of the shards 1 to `count`, put together.
std::string together(const std::vector<std::string>& command, int count) {
  std::string all;
  for (int k = 1; k <= count; ++k) {
    std::vector<std::string> arguments = command;
    arguments.insert(arguments.end(), {"--shard", std::to_string(k) + "/" + std::to_string(count)});
    const auto outcome = run_nodeops(arguments);
    CHECK(outcome.exit_code == 0);
    all += outcome.out;
  }
  return all;
}

}  // namespace

TEST_CASE("shards put together are the whole, whatever their number and how the files start") {
  const std::vector<std::vector<std::string>> tables = {
      {"a,b\n1,x\n2,y", "a,b\n3,\"z\n\"", "a,b\n4,w\n"},
      {"\n\r\n\na,b\n1,x\n2,y\n", "\n\n\n\n\n\n\n\n\n\n\na,b\n3,z\n", "\na,b\n"},
      {"\xEF\xBB\xBF\n\na,b\n1,x\n",
       "\xEF\xBB\xBF"
       "a,b\n2,y\n"},
      {"", "\n\n\n\n", "a,b\n1,x\n", "", "a,b\n2,y\n"},
      {"\xEF\xBB\xBF", "a,b\n1,x\n"},
      {"a,b\n", "a,b\n1,x\n"},
      {"\ra,b\r1,x\r2,y\r"},
      {"a,b"}};
  for (const auto& table : tables) {
    CAPTURE(table.front());
    const TemporaryDirectory place;
    std::vector<std::string> command = {"csv-transform", "--heartbeat", "0", "-j", "1",
                                        "--buffer",      "4K"};
    for (std::size_t i = 0; i < table.size(); ++i)
      command.push_back(place.write(std::to_string(i) + ".csv", table[i]));
    for (const std::vector<std::string>& steps : {std::vector<std::string>{"--upper", "1"},
                                                  {"--select", "2,1"},
                                                  {"--no-header", "--upper", "2"}}) {
      std::vector<std::string> with_steps = command;
      with_steps.insert(with_steps.end(), steps.begin(), steps.end());
      const auto whole = run_nodeops(with_steps);
      REQUIRE(whole.exit_code == 0);
      for (const int count : {1, 2, 5, 40}) {
        CAPTURE(count);
        CHECK(together(with_steps, count) == whole.out);
      }
    }
  }
}

TEST_CASE("what cannot be cut is refused with what to do about it") {
  const TemporaryDirectory place;
  const auto piped = run_nodeops({"csv-transform", "--plan", "2", "-"}, "a\n1\n");
  CHECK(piped.exit_code == 2);
  CHECK(piped.err.find("write it to a file first") != std::string::npos);
  const auto packed = place.write("a.csv.gz", "\x1f\x8b\x08\x00");
  const auto outcome = run_nodeops({"csv-transform", "--shard", "1/2", packed});
  CHECK(outcome.exit_code == 2);
}

TEST_CASE("a record end that a file lacks is added by a shard as by the whole") {
  const TemporaryDirectory place;
  const std::vector<std::string> command = {"csv-transform", "--upper", "a",
                                            place.write("a.csv", "a,b\r\nx,1\r\ny,2"),
                                            place.write("b.csv", "a,b\r\nz,3\r\n")};
  const auto whole = run_nodeops(command).out;
  CHECK(whole == "a,b\r\nX,1\r\nY,2\r\nZ,3\r\n");
  for (int count = 1; count < 6; ++count) CHECK(together(command, count) == whole);
}

TEST_CASE("a shard of later files holds their headers to the first file's") {
  const TemporaryDirectory place;
  const auto first = place.write("a.csv", "a,b\n1,2\n");
  const auto second = [&](const std::string& header) {
    const auto path = place.write("b.csv", header + "\n3,4\n5,6\n7,8\n");
    return run_nodeops({"csv-transform", "--upper", "a", "--shard", "2/2", first, path});
  };
  CHECK(second("\"a\",b").out == "3,4\n5,6\n7,8\n");
  const auto swapped = second("b,a");
  CHECK(swapped.exit_code == 65);
  CHECK(swapped.err.find("b.csv:1: column 1 is 'b', but 'a' in ") != std::string::npos);
  CHECK(second("a,b,c").exit_code == 65);
  const auto other = place.write("c.csv", "a;b\n3;4\n5;6\n");
  const auto mixed = run_nodeops({"csv-transform", "--sniff", "--shard", "2/2", first, other});
  CHECK(mixed.exit_code == 2);
  CHECK(mixed.err.find("cut each file for itself") != std::string::npos);
}

TEST_CASE("inputs of other record ends and quotes are read by their own") {
  const TemporaryDirectory place;
  const auto cr = place.write("cr.csv", "a,b\r1,2\r");
  const auto crlf = place.write("crlf.csv", "a,b\r\n3,4\r\n5,6\r\n");
  const auto found = run_nodeops({"csv-transform", "--to", "ndjson", cr, crlf, cr});
  CHECK(found.out ==
        "{\"a\":\"1\",\"b\":\"2\"}\n{\"a\":\"3\",\"b\":\"4\"}\n"
        "{\"a\":\"5\",\"b\":\"6\"}\n{\"a\":\"1\",\"b\":\"2\"}\n");
  CHECK(run_nodeops({"csv-transform", "--where", "b == \"4\"", cr, crlf}).out == "a,b\r3,4\r\n");
  const auto ragged = place.write("lf.csv", "a,b\n3,4\n5\n");
  const auto refused = run_nodeops({"csv-transform", "--upper", "a", cr, ragged});
  CHECK(refused.exit_code == 65);
  CHECK(refused.err.find("lf.csv:3: 1 field") != std::string::npos);
}

TEST_CASE("a shard refuses as many columns as the whole does") {
  const TemporaryDirectory place;
  std::string line = "a";
  for (int column = 1; column < 100000; ++column) line += ",a";
  const auto file = place.write("a.csv", line + "\n" + line + "\n" + line + "\n");
  for (const auto* const shard : {"1/1", "1/3", "2/3", "3/3"}) {
    CAPTURE(shard);
    const auto outcome = run_nodeops({"csv-transform", "--upper", "1", "--shard", shard, file});
    CHECK(outcome.exit_code == 65);
    CHECK(outcome.err.find("a.csv:1: 100000 columns, but the memory is for ") != std::string::npos);
  }
}
