// SPDX-License-Identifier: MIT
#include "csv/shard.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>

#include "support/random_csv.hpp"
#include "support/reference_csv.hpp"

using namespace nodeops;
using namespace nodeops::csv;
using namespace nodeops::test;

namespace {

std::vector<ShardFile> files_of(const std::vector<std::string>& texts) {
  std::vector<ShardFile> files;
  for (const auto& text : texts) {
    files.push_back({.name = "file" + std::to_string(files.size()),
                     .size = text.size(),
                     .open = [&text] { return std::make_unique<MemorySource>(text); }});
  }
  return files;
}

std::string bytes_of(const std::vector<Shard>& shards, const std::vector<std::string>& texts) {
  std::string bytes;
  for (const auto& shard : shards) {
    for (const auto& piece : shard.pieces)
      bytes += texts[piece.file].substr(piece.begin, piece.end - piece.begin);
  }
  return bytes;
}

}  // namespace

TEST_CASE("the shards of any files are whole records and make up the files again") {
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    CAPTURE(seed);
    RandomCsvOptions options;
    options.stray_quotes = seed % 2 == 0;
    options.crlf_ends = seed % 3 == 0;
    const std::vector<std::string> texts = {random_csv(seed, options),
                                            random_csv(seed + 1000, options)};
    const auto files = files_of(texts);
    const unsigned count = 1 + static_cast<unsigned>(seed % 9);
    const auto shards = cut_shards(files, {}, false, {.first = 1, .last = count, .count = count});
    REQUIRE(shards.size() == count);
    CHECK(bytes_of(shards, texts) == texts[0] + texts[1]);
    for (unsigned k = 1; k <= count; ++k) {
      // One shard alone is what it is among all.
      const auto alone = cut_shards(files, {}, false, {.first = k, .last = k, .count = count});
      CHECK(bytes_of(alone, texts) == bytes_of({shards[k - 1]}, texts));
    }
    for (const auto& shard : shards) {
      for (const auto& piece : shard.pieces) {
        if (piece.begin == 0) continue;
        const auto records = parse_reference(texts[piece.file]).records;
        const bool starts =
            std::any_of(records.begin(), records.end(), [&](const ReferenceRecord& record) {
              return record.offset == piece.begin && record.line == piece.line;
            });
        CHECK(starts);
        CHECK(piece.header == texts[piece.file].substr(0, records[1].offset));
      }
    }
  }
}

TEST_CASE("more shards than records leave some empty") {
  const std::vector<std::string> texts = {"a,b\n1,2\n"};
  const auto shards = cut_shards(files_of(texts), {}, false, {.first = 1, .last = 20, .count = 20});
  CHECK(shards.size() == 20);
  CHECK(bytes_of(shards, texts) == texts[0]);
}

TEST_CASE("a plan is JSON with the byte ranges of each shard") {
  const std::vector<std::string> texts = {"a\n1\n2\n3\n"};
  const auto files = files_of(texts);
  CHECK(shards_as_json(cut_shards(files, {}, false, {.first = 1, .last = 2, .count = 2}), files) ==
        "[\n{\"shard\":1,\"of\":2,\"ranges\":[{\"input\":\"file0\",\"begin\":0,\"end\":4,\"line\":"
        "1}]},\n"
        "{\"shard\":2,\"of\":2,\"ranges\":[{\"input\":\"file0\",\"begin\":4,\"end\":8,\"line\":3}]}"
        "\n]\n");
}
