// SPDX-License-Identifier: MIT
#include "stream/digest.hpp"

#include <doctest/doctest.h>

using namespace nodeops;

TEST_CASE("SHA-256 of the standard's examples, in pieces") {
  Sha256 digest;
  digest.update("a");
  digest.update("");
  digest.update("bc");
  CHECK(digest.hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(Sha256().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("HMAC-SHA-256 of RFC 4231, one key for many messages") {
  HmacSha256 code("Jefe");
  for (int i = 0; i < 3; ++i) {
    const auto bytes = code.of("what do ya want for nothing?");
    CHECK(static_cast<int>(bytes[0]) == 0x5b);
    CHECK(static_cast<int>(bytes[1]) == 0xdc);
    CHECK(static_cast<int>(bytes[31]) == 0x43);
    CHECK(code.of("another") != bytes);
  }
}

TEST_CASE("what passes is digested and unchanged") {
  Sha256 read_digest;
  DigestSource source(std::make_unique<MemorySource>("abc"), read_digest);
  std::string bytes(10, '\0');
  CHECK(source.read({bytes.data(), bytes.size()}) == 3);
  CHECK(source.read({bytes.data(), bytes.size()}) == 0);
  MemorySink to;
  Sha256 written_digest;
  DigestSink sink(to, written_digest);
  sink.ByteSink::write(std::string_view("abc"));
  CHECK(to.text() == "abc");
  CHECK(read_digest.hex() == written_digest.hex());
}
