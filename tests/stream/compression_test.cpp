// SPDX-License-Identifier: MIT
#include "stream/compression.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "core/error.hpp"

using namespace nodeops;

namespace {

std::string compress(Compression how, std::string_view text) {
  MemorySink to;
  const auto sink = compressed(how, to);
  for (std::size_t at = 0; at < text.size(); at += 1000) sink->write(text.substr(at, 1000));
  sink->finish();
  return to.text();
}

/// Reads all of it, in pieces of `piece` bytes.
std::string decompress(const std::string& bytes, std::size_t piece = 100'000) {
  const auto source = decompressed(std::make_unique<MemorySource>(bytes, piece), "in.gz");
  std::string text;
  std::string part(777, '\0');
  while (const auto count = source->read({part.data(), part.size()})) text.append(part, 0, count);
  return text;
}

std::string some_text() {
  std::mt19937 random(1);
  std::string text;
  for (int i = 0; i < 20'000; ++i)
    text += std::to_string(random() % 1000) + (i % 7 == 0 ? "\n" : ",");
  return text;
}

}  // namespace

TEST_CASE("what is compressed comes out again, however small the pieces it comes in") {
  const auto text = some_text();
  for (const auto how : {Compression::gzip, Compression::zstd}) {
    const auto bytes = compress(how, text);
    CHECK(bytes.size() < text.size());
    CHECK(compression_of(bytes) == how);
    CHECK(decompress(bytes) == text);
    CHECK(decompress(bytes.substr(0), 1) == text);
  }
}

TEST_CASE("nothing compressed is nothing") {
  for (const auto how : {Compression::gzip, Compression::zstd})
    CHECK(decompress(compress(how, "")).empty());
}

TEST_CASE("what is not compressed passes as it is, also when it begins like a magic number") {
  for (const std::string text : {"", "a", "\x1f", "\x1f\x8c", "\x28\xb5\x2f", "plain,text\n"}) {
    CHECK(decompress(text, 1) == text);
  }
}

TEST_CASE("members and frames in a row are one text; zeros behind gzip members are padding") {
  for (const auto how : {Compression::gzip, Compression::zstd}) {
    CHECK(decompress(compress(how, "one,") + compress(how, "two")) == "one,two");
    CHECK(decompress(compress(how, "one,") + compress(how, "two"), 1) == "one,two");
  }
  CHECK(decompress(compress(Compression::gzip, "one") + std::string(1000, '\0')) == "one");
}

TEST_CASE("data that ends early is an error that names the byte, wherever it ends") {
  for (const auto how : {Compression::gzip, Compression::zstd}) {
    const auto bytes = compress(how, "some,text\n1,2\n");
    for (std::size_t size = 4; size < bytes.size(); ++size) {
      CAPTURE(size);
      try {
        decompress(bytes.substr(0, size));
        FAIL("read to the end");
      } catch (const AppError& error) {
        CHECK(error.kind() == ErrorKind::bad_data);
        CHECK(std::string(error.what()).find("ends early at byte " + std::to_string(size)) !=
              std::string::npos);
      }
    }
  }
}

TEST_CASE("damaged data is an error, never other text") {
  for (const auto how : {Compression::gzip, Compression::zstd}) {
    const auto text = some_text();
    const auto bytes = compress(how, text);
    for (std::size_t at = 10; at < bytes.size(); at += 997) {
      auto damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
      CAPTURE(at);
      try {
        const auto read = decompress(damaged);
        CHECK(read == text);  // a bit that no decoder looks at
      } catch (const AppError& error) {
        CHECK(error.kind() == ErrorKind::bad_data);
      }
    }
  }
}

TEST_CASE("a flush lets out what has come so far") {
  for (const auto how : {Compression::gzip, Compression::zstd}) {
    MemorySink to;
    const auto sink = compressed(how, to);
    sink->write("live");
    sink->flush();
    const auto source = decompressed(std::make_unique<MemorySource>(to.text()), "pipe");
    std::string part(10, '\0');
    CHECK(source->read({part.data(), part.size()}) == 4);
    CHECK(part.substr(0, 4) == "live");
  }
}

TEST_CASE("the suffix tells how to compress") {
  CHECK(compression_for("a.csv") == Compression::none);
  CHECK(compression_for("a.csv.gz") == Compression::gzip);
  CHECK(compression_for("a.zst") == Compression::zstd);
}

TEST_CASE(
    "what is compressed in parts is one text, and each part the same whatever was before it") {
  const auto text = some_text();
  for (const auto how : {Compression::gzip, Compression::zstd}) {
    MemorySink to;
    CompressionInParts parts(how, to, CompressionInParts::Start::fresh);
    parts.write(text);
    parts.cut();
    const auto first = to.text().size();
    parts.write("more");
    parts.write("");
    parts.cut();
    parts.cut();
    CHECK(decompress(to.text()) == text + "more");
    MemorySink rest;
    CompressionInParts going_on(how, rest, CompressionInParts::Start::behind_a_cut);
    going_on.write("more");
    going_on.cut();
    CHECK(rest.text() == to.text().substr(first));
    MemorySink nothing;
    CompressionInParts(how, nothing, CompressionInParts::Start::behind_a_cut).cut();
    CHECK(nothing.text().empty());
    CompressionInParts(how, nothing, CompressionInParts::Start::fresh).cut();
    CHECK(decompress(nothing.text()).empty());
    CHECK(compression_of(nothing.text()) == how);
  }
}

TEST_CASE(
    "bytes are passed over, compressed or not, and at the end it is said how many there were") {
  const auto text = some_text();
  for (const std::string& bytes :
       {text, compress(Compression::gzip, text), compress(Compression::zstd, text)}) {
    for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{3}, std::uint64_t{50'000}}) {
      const auto source = decompressed(std::make_unique<MemorySource>(bytes, 1000), "in");
      CHECK(source->skip(size) == size);
      std::string part(10, '\0');
      REQUIRE(source->read({part.data(), 1}) == 1);
      CHECK(part[0] == text[size]);
      CHECK(source->skip(text.size()) == text.size() - size - 1);
      CHECK(source->read({part.data(), 1}) == 0);
    }
  }
}
