// SPDX-License-Identifier: MIT
#include "core/error.hpp"

#include <doctest/doctest.h>

#include <cerrno>

#include "core/result.hpp"

using namespace nodeops;

TEST_CASE("an error's line carries its advice in parentheses") {
  CHECK(AppError(ErrorKind::bad_data, "a.csv:3: 1 field, expected 2").line() ==
        "a.csv:3: 1 field, expected 2");
  CHECK(AppError(ErrorKind::bad_data, "a.csv: it is UTF-16", "convert it with iconv").line() ==
        "a.csv: it is UTF-16 (convert it with iconv)");
}

TEST_CASE("a system failure names path, action and reason") {
  const auto error = system_failure(ErrorKind::io_failed, "out.csv", "cannot write", ENOSPC);
  CHECK(error.kind() == ErrorKind::io_failed);
  CHECK(std::string(error.what()) == "out.csv: cannot write: No space left on device");
}

TEST_CASE("settle keeps a throw as a result, value() throws it again") {
  CHECK(settle([] { return 7; }).value() == 7);
  auto failed = settle([]() -> int { throw AppError(ErrorKind::usage, "no"); });
  CHECK_FALSE(failed);
  CHECK_THROWS_WITH_AS(failed.value(), "no", AppError);
}
