// SPDX-License-Identifier: MIT
// What a load puts into a table, in each kind of database.
#include "load/load_support.hpp"

using namespace nodeops;
using namespace nodeops::csv;
using namespace nodeops::load;
using namespace nodeops::test;

TEST_CASE("values arrive as they are, whatever they hold") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    const std::string text =
        "id,v\r\n1,\"a \"\"quoted\"\" one\"\r\n2,\"two\r\nlines\"\n3,\\N \\t \\\\ "
        "\\.\n4,\t|\b\x7f\n"
        "5,\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\n6,\n7,'; DROP TABLE t; --\n8,\"  \"";
    const auto loaded = load_text({.output = place.table("t")}, text);
    CHECK_FALSE(loaded.error);
    CHECK(loaded.written == 8);
    CHECK(place.ask("SELECT v FROM t ORDER BY id", 1) ==
          "a \"quoted\" one\ntwo\r\nlines\n\\N \\t \\\\ \\.\n\t|\b\x7f\n"
          "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\n\n'; DROP TABLE t; --\n  ");
  }
}

TEST_CASE("names of tables and columns are names whatever they hold") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    const std::string text = "\"a \"\"b\"\"\",select,,x);DROP TABLE y;--\n1,2,3,4\n";
    const auto loaded = load_text({.output = place.table("odd%20%22name%22;%20--")}, text);
    CHECK_FALSE(loaded.error);
    CHECK(place.ask("SELECT \"a \"\"b\"\"\", \"select\", column3, \"x);DROP TABLE y;--\""
                    " FROM \"odd \"\"name\"\"; --\"",
                    4) == "1|2|3|4");
  }
}

TEST_CASE("a table without a header has columns by their place") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    CHECK_FALSE(load_text({.output = place.table("t"), .header = false}, "a,b\nc,d\n").error);
    CHECK(place.ask("SELECT column1, column2 FROM t ORDER BY 1", 2) == "a|b\nc|d");
  }
}

TEST_CASE("a header alone makes an empty table, nothing at all makes none") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    CHECK_FALSE(load_text({.output = place.table("t")}, "a,b\n").error);
    CHECK(place.ask("SELECT count(*), max(a), max(b) FROM t", 3) == "0|~|~");
    CHECK_FALSE(load_text({.output = place.table("u"), .infer_types = true}, "a,b\n").error);
    CHECK(place.ask("SELECT count(*) FROM u", 1) == "0");
    CHECK_FALSE(load_text({.output = place.table("none")}, "").error);
    CHECK_THROWS(place.ask("SELECT * FROM none", 1));
  }
}

TEST_CASE("empty fields are NULL when that is asked for, else empty texts") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    const std::string text = "a,b\n,x\n\"\",y\n";
    CHECK_FALSE(load_text({.output = place.table("t")}, text).error);
    CHECK_FALSE(load_text({.output = place.table("n"), .empty_as_null = true}, text).error);
    CHECK(place.ask("SELECT a, b FROM t ORDER BY b", 2) == "|x\n|y");
    CHECK(place.ask("SELECT a, b FROM n ORDER BY b", 2) == "~|x\n~|y");
  }
}

TEST_CASE("any batch and any block size loads the same") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    const std::string text = numbered(1, 150);
    int table = 0;
    for (const std::size_t batch : {std::size_t{1}, std::size_t{7}, std::size_t{10000}}) {
      for (const std::size_t block : {std::size_t{64}, std::size_t{1000}, std::size_t{1} << 20}) {
        CAPTURE(batch);
        CAPTURE(block);
        const std::string name = "t" + std::to_string(++table);
        const auto loaded =
            load_text({.output = place.table(name), .batch = batch, .block_size = block}, text);
        CHECK_FALSE(loaded.error);
        CHECK(loaded.figures.rows == 150);
        CHECK(loaded.figures.batches == (150 + batch - 1) / batch);
        CHECK(place.ask("SELECT count(DISTINCT id), count(*), min(name) FROM " + name, 3) ==
              "150|150|n1");
      }
    }
  }
}

TEST_CASE("names that a database cannot tell apart or hold end the load before it starts") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    const bool sqlite = place.kind == "sqlite";
    const auto same = load_text({.output = place.table("t")}, "a,b,a\n1,2,3\n");
    REQUIRE(same.error);
    CHECK(same.error->kind() == ErrorKind::bad_data);
    CHECK(same.error->line().find("columns 1 and 3") != std::string::npos);
    CHECK(load_text({.output = place.table("u")}, "a,A\n1,2\n").error.has_value() == sqlite);
    const std::string name(64, 'x');
    CHECK(load_text({.output = place.table("v")}, name + ",b\n1,2\n").error.has_value() != sqlite);
    CHECK(load_text({.output = place.table("w")}, std::string("a\0,b\n1,2\n", 9)).error);
  }
}

TEST_CASE("a dry run looks and changes nothing") {
  const TemporaryDirectory directory;
  for (const auto& place : load_places(directory)) {
    CAPTURE(place.kind);
    CHECK_FALSE(load_text({.output = place.table("t"), .dry_run = true}, "a\n1\n").error);
    if (place.kind == "sqlite")
      CHECK_FALSE(std::filesystem::exists(place.address.substr(7)));
    else
      CHECK_THROWS(place.ask("SELECT * FROM t", 1));
    place.run("CREATE TABLE t(a TEXT)");
    const auto again = load_text({.output = place.table("t"), .dry_run = true}, "a\n1\n");
    REQUIRE(again.error);
    CHECK(again.error->kind() == ErrorKind::cannot_create);
    CHECK(place.ask("SELECT count(*) FROM t", 1) == "0");
  }
}
