// SPDX-License-Identifier: MIT
#include "csv/checkpoint.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <optional>

#include "core/error.hpp"
#include "stream/digest.hpp"

using namespace nodeops;
using namespace nodeops::csv;

namespace {

Checkpoint some_checkpoint() {
  return {.version = "0.1.0, zlib 1.2.13",
          .inputs = {{"a.csv", {.size = 10, .modified_ns = -5, .first = "f", .last = "l"}},
                     {"b \"odd\"\n\xC3\xA9.csv", {.size = 0, .modified_ns = 7}}},
          .options = {{"--upper", "name"}, {"--where", "a == \"b\""}},
          .block_size = 4096,
          .grid = 8192,
          .stage = Checkpoint::Stage::running,
          .position = {.input = 1,
                       .offset = 77,
                       .line = 5,
                       .bytes = 87,
                       .records = 9,
                       .written = 5,
                       .refused = 3,
                       .filtered = 1,
                       .on_grid = true},
          .outputs = {{"--output", "out.csv", 1234, "abc"}},
          .bytes_read = 99,
          .digests = {}};
}

/// The text with its digest made right again.
std::string signed_text(const std::string& line) {
  Sha256 digest;
  digest.update(line);
  return line + "\nsha256 " + digest.hex() + "\n";
}

std::string line_of(const Checkpoint& checkpoint) {
  const auto text = checkpoint_text(checkpoint);
  return text.substr(0, text.find('\n'));
}

std::string replaced(std::string text, const std::string& old, const std::string& fresh) {
  const auto at = text.find(old);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old.size(), fresh);
}

std::optional<std::string> refusal(const std::string& text) {
  try {
    read_checkpoint(text, "c");
  } catch (const AppError& error) {
    CHECK(error.kind() == ErrorKind::bad_data);
    return error.what();
  }
  return std::nullopt;
}

std::string difference_by(const std::function<void(Checkpoint&)>& change) {
  Checkpoint now = some_checkpoint();
  change(now);
  return difference(some_checkpoint(), now);
}

}  // namespace

TEST_CASE("what is written of a checkpoint is what is read of it") {
  Checkpoint checkpoint = some_checkpoint();
  for (const auto stage : {Checkpoint::Stage::running, Checkpoint::Stage::placing}) {
    checkpoint.stage = stage;
    checkpoint.digests = stage == Checkpoint::Stage::placing ? R"({"algorithm":"sha256"})" : "";
    const auto text = checkpoint_text(checkpoint);
    const Checkpoint read = read_checkpoint(text, "c");
    CHECK(checkpoint_text(read) == text);
    CHECK(read.position == checkpoint.position);
    CHECK(read.stage == stage);
    CHECK(read.inputs.at(1).path == checkpoint.inputs.at(1).path);
    CHECK(read.inputs.at(0).identity == checkpoint.inputs.at(0).identity);
    CHECK(read.outputs.at(0).bytes == 1234);
    CHECK(difference(read, checkpoint).empty());
  }
}

TEST_CASE("a checkpoint of which any byte is another, or missing, is refused") {
  const auto text = checkpoint_text(some_checkpoint());
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string other = text;
    other[at] = static_cast<char>(other[at] ^ 1);
    CHECK(refusal(other));
    CHECK(refusal(text.substr(0, at)));
  }
  CHECK(refusal(text + "x"));
  CHECK(refusal("id,name\n1,x\n") == "c: is no checkpoint");
  CHECK(refusal(text.substr(0, text.size() / 2)) == "c: the checkpoint is damaged");
}

TEST_CASE("a checkpoint that somebody has made up is refused where it makes no sense") {
  const auto line = line_of(some_checkpoint());
  CHECK_FALSE(refusal(signed_text(line)));
  for (const auto& [old, fresh] : std::initializer_list<std::pair<std::string, std::string>>{
           {"\"block_size\":4096", "\"block_size\":0"},
           {"\"block_size\":4096", "\"block_size\":99999999999"},
           {"\"block_size\":4096", "\"block_size\":-1"},
           {"\"block_size\":4096", "\"block_size\":1e9"},
           {"\"grid\":8192", "\"grid\":0"},
           {"\"input\":1", "\"input\":2"},
           {"\"input\":1", "\"input\":18446744073709551615"},
           {"\"line\":5", "\"line\":0"},
           {"\"offset\":77", "\"offset\":\"77\""},
           {"\"on_grid\":true", "\"on_grid\":1"},
           {"\"options\":[", "\"options\":[[\"--upper\"],"},
           {"\"options\":[", "\"options\":[{},"},
           {"\"options\":[", "\"options\":[[[[[[[]]]]]],"},
           {"\"digests\":\"\"", "\"digests\":\"{\""},
           {"\"stage\":", "\"stages\":"},
           {"\"modified_ns\":-5", "\"modified_ns\":1e300"}}) {
    CAPTURE(fresh);
    CHECK(refusal(signed_text(replaced(line, old, fresh))));
  }
  CHECK(refusal(signed_text(replaced(line, "checkpoint\":1", "checkpoint\":2"))) ==
        "c: the checkpoint is of another version of nodeops");
  CHECK(refusal(signed_text("{\"nodeops_checkpoint\":" + std::string(1'000'000, '['))));
}

TEST_CASE("what has changed since a checkpoint is named") {
  CHECK(difference_by([](Checkpoint&) {}).empty());
  CHECK(difference_by([](Checkpoint& now) { now.version = "0.2.0"; }) ==
        "it was made by '0.1.0, zlib 1.2.13', this is '0.2.0'");
  CHECK(difference_by([](Checkpoint& now) { now.inputs[0].identity.size = 11; }) ==
        "a.csv has changed: its size was 10 bytes, is 11");
  CHECK(difference_by([](Checkpoint& now) { now.inputs[0].path = "z.csv"; }) ==
        "input 1 was a.csv, is z.csv");
  CHECK(difference_by([](Checkpoint& now) {
          now.inputs.push_back({"c.csv", {}});
        }) == "input 3, c.csv, was not there");
  CHECK(difference_by([](Checkpoint& now) { now.inputs.resize(1); }).ends_with(".csv, is missing"));
  CHECK(difference_by([](Checkpoint& now) { now.options[0].second = "city"; }) ==
        "--upper was 'name', is 'city'");
  CHECK(difference_by([](Checkpoint& now) { std::swap(now.options[0], now.options[1]); }) ==
        "--upper 'name' stood where --where 'a == \"b\"' is");
  CHECK(difference_by([](Checkpoint& now) { now.options.emplace_back("--trim", "x"); }) ==
        "--trim 'x' was not given");
  CHECK(difference_by([](Checkpoint& now) { now.options.pop_back(); }) ==
        "--where 'a == \"b\"' is missing");
}
