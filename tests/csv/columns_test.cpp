// SPDX-License-Identifier: MIT
#include "csv/columns.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/error.hpp"

using namespace nodeops;
using namespace nodeops::csv;

namespace {

using Places = std::vector<std::size_t>;

const std::vector<std::string> sales = {"order_id", "name", "addr1", "addr2", "first-name", "2"};

Places places(std::string_view text, const std::vector<std::string>& names = sales) {
  return parse_columns(text).resolve(names, "--upper");
}

std::string refusal(std::string_view text, const std::vector<std::string>& names = sales) {
  try {
    static_cast<void>(places(text, names));
  } catch (const AppError& error) {
    CHECK(error.kind() == ErrorKind::usage);
    return error.line();
  }
  return "taken";
}

}  // namespace

TEST_CASE("columns are named by name, position, range and glob, in the order given") {
  CHECK(places("name") == Places{1});
  CHECK(places("name,order_id") == Places{1, 0});
  CHECK(places("1") == Places{0});
  CHECK(places("3-4,1") == Places{2, 3, 0});
  CHECK(places("name-addr2") == Places{1, 2, 3});
  CHECK(places("name-3") == Places{1, 2});
  CHECK(places("5-") == Places{4, 5});
  CHECK(places("-3") == Places{0, 1, 2});
  CHECK(places("addr*") == Places{2, 3});
  CHECK(places("addr?,*name") == Places{2, 3, 1, 4});
  CHECK(places("*") == Places{0, 1, 2, 3, 4, 5});
  CHECK(places("name,*") == Places{1, 0, 2, 3, 4, 5});
}

TEST_CASE("an exact name comes before everything else it might mean") {
  CHECK(places("first-name") == Places{4});
  CHECK(places("2") == Places{5});
  CHECK(places("a*", {"ab", "a*"}) == Places{1});
  CHECK(places("a-c", {"a", "b", "c", "a-c"}) == Places{3});
  CHECK(places("order_id-first-name") == Places{0, 1, 2, 3, 4});
  CHECK(places("first-name-2") == Places{4, 5});
  CHECK(places("a b, c", {"a b", " c"}) == Places{0, 1});
}

TEST_CASE("a backslash makes a character plain") {
  CHECK(places("a\\,b", {"a,b"}) == Places{0});
  CHECK(places("a\\*", {"ab", "a*"}) == Places{1});
  CHECK(places("a\\\\", {"a\\"}) == Places{0});
  CHECK(places("a\\", {"a\\"}) == Places{0});
  CHECK(places("x\\*?", {"x*1", "xy1"}) == Places{0});
}

TEST_CASE("one column is a name or a position and nothing else") {
  CHECK(ColumnSet::one("name").resolve(sales, "--where") == Places{1});
  CHECK(ColumnSet::one("3").resolve(sales, "--where") == Places{2});
  CHECK(ColumnSet::one("a*").resolve({"ab", "a*"}, "--where") == Places{1});
  CHECK_THROWS_WITH(ColumnSet::one("addr*").resolve(sales, "--where"),
                    "--where: no column 'addr*'");
  CHECK_THROWS_WITH(ColumnSet::one("1-2").resolve(sales, "--where"), "--where: no column '1-2'");
}

TEST_CASE("without a header there are only positions and their ranges") {
  const std::vector<std::string> none(4);
  CHECK(places("2,4", none) == Places{1, 3});
  CHECK(places("2-", none) == Places{1, 2, 3});
  CHECK(refusal("name", none) ==
        "--upper: no column 'name' (without column names there are only positions)");
  CHECK(refusal("*", none) == "--upper: no column fits '*'");
  CHECK(refusal("5", none) == "--upper: no column 5 (there are 4, counted from 1)");
}

TEST_CASE("a column that is not there is refused with the nearest name or the names") {
  CHECK(refusal("naem") == "--upper: no column 'naem' (did you mean 'name'?)");
  CHECK(refusal("country") ==
        "--upper: no column 'country' (there are order_id, name, addr1, addr2, first-name, 2)");
  CHECK(refusal("0") == "--upper: no column 0 (there are 6, counted from 1)");
  CHECK(refusal("7") == "--upper: no column 7 (there are 6, counted from 1)");
  CHECK(refusal("99999999999999999999999") ==
        "--upper: no column 99999999999999999999999 (there are 6, counted from 1)");
  CHECK(refusal("zip*") == "--upper: no column fits 'zip*'");
  CHECK(refusal("4-1") == "--upper: the range '4-1' runs backwards");
  CHECK(refusal("name-xyz").find("no column 'name-xyz'") != std::string::npos);
  CHECK(refusal("-").find("no column '-'") != std::string::npos);
  CHECK(refusal("x", {}).find("no column 'x'") != std::string::npos);
  CHECK(refusal("x-", {}).find("no column 'x-'") != std::string::npos);
}

TEST_CASE("a name that several columns have is refused with their positions") {
  CHECK(refusal("id", {"id", "x", "id"}) ==
        "--upper: several columns are called 'id': 1, 3 (say which by its position)");
  CHECK(places("3", {"id", "x", "id"}) == Places{2});
  CHECK(places("i*", {"id", "x", "id"}) == Places{0, 2});
}

TEST_CASE("an empty list and an empty name are refused") {
  CHECK(refusal("") == "no column is named");
  CHECK(refusal("a,,b") == "'a,,b' has an empty column name");
  CHECK(refusal("a,") == "'a,' has an empty column name");
}

TEST_CASE("a glob made to be slow is tried in the product of the lengths") {
  std::string stars;
  for (int i = 0; i < 500; ++i) stars += "*a";
  CHECK(refusal(stars + "b", {std::string(5000, 'a')}).find("no column fits") != std::string::npos);
}
