// SPDX-License-Identifier: MIT
#include "csv/date.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <ctime>
#include <string>

#include "core/error.hpp"
#include "csv/cells.hpp"
#include "csv/date_form.hpp"

using namespace nodeops;
using namespace nodeops::csv;

namespace {

std::string dated(std::string_view rule, std::string_view value) {
  return after(*parse_date_rule(rule), value);
}

bool refused(std::string_view form, std::string_view value) {
  return !DateForm(form).read(value).has_value();
}

std::string refusal(std::string_view rule) {
  try {
    static_cast<void>(parse_date_rule(rule));
  } catch (const AppError& error) {
    CHECK(error.kind() == ErrorKind::usage);
    return error.what();
  }
  return "taken";
}

}  // namespace

TEST_CASE("a rule is split at the colon that is not within a time nor escaped") {
  CHECK(dated("%d/%m/%Y:%Y-%m-%d", "31/12/2025") == "2025-12-31");
  CHECK(dated("%Y-%m-%d %H\\:%M:%s", "2026-01-01 00:30") == "1767227400");
  CHECK(dated("%Y-%m-%d %H:%M:%s", "2026-01-01 00:30") == "1767227400");
  CHECK(dated("%s:%FT%TZ", "0") == "1970-01-01T00:00:00Z");
  CHECK(dated("%d.%m.%Y %H:%M:%S:%F %T", "01.02.2026 03:04:05") == "2026-02-01 03:04:05");
  CHECK(dated("%I:%M %p:%H:%M", "02:30 PM") == "14:30");
  CHECK(dated("at\\: %F:%D", "at: 2026-03-04") == "03/04/26");
  CHECK(dated("%F:%d\\\\%m", "2026-03-04") == "04\\03");
}

TEST_CASE("dates are read and written in every form of the table") {
  CHECK(dated("%Y%m%d:%F", "20260304") == "2026-03-04");
  CHECK(dated("%d/%m/%Y:%F", "4/3/2026") == "2026-03-04");
  CHECK(dated("%d %B %Y:%F", "4 march 2026") == "2026-03-04");
  CHECK(dated("%b %e, %Y:%F", "Mar  4, 2026") == "2026-03-04");
  CHECK(dated("%A %d %h %y:%F", "WEDNESDAY 04 MAR 26") == "2026-03-04");
  CHECK(dated("%d.%m.%y:%Y", "01.01.68") == "2068");
  CHECK(dated("%d.%m.%y:%Y", "01.01.69") == "1969");
  CHECK(dated("%Y %j:%F", "2024 366") == "2024-12-31");
  CHECK(dated("%s:%F %T.%f %z %Z", "-1") == "1969-12-31 23:59:59.000000 +0000 UTC");
  CHECK(dated("%FT%T.%f%z:%FT%T.%fZ", "2026-03-04T01:00:00.25+02:00") ==
        "2026-03-03T23:00:00.250000Z");
  CHECK(dated("%F %R%z:%s", "1970-01-01 00:00-0130") == "5400");
  CHECK(dated("%F %R%z:%s", "1970-01-01 00:00Z") == "0");
  CHECK(dated("%F %r:%T", "2026-01-01 12:00:00 am") == "00:00:00");
  CHECK(dated("%F %r:%T", "2026-01-01 12:00:00 PM") == "12:00:00");
  CHECK(dated("%F %T:%F %T", "2016-12-31 23:59:60") == "2017-01-01 00:00:00");
  CHECK(dated("%F:%A %a %B %b %e %k %l %p %j %u %w %G-W%V%%", "2027-01-03") ==
        "Sunday Sun January Jan  3  0 12 AM 003 7 0 2026-W53%");
  CHECK(dated("%m/%y:%Y-%m", "03/27") == "2027-03");
}

TEST_CASE("a date that is already right is unchanged, an empty one stays empty") {
  CHECK(dated("%F:%F", "2026-03-04") == "2026-03-04");
  CHECK(dated("%F:%F", "") == "");
}

TEST_CASE("a day that does not exist is refused") {
  CHECK(refused("%F", "2026-02-31"));
  CHECK(refused("%F", "2026-02-29"));
  CHECK(refused("%F", "1900-02-29"));
  CHECK_FALSE(refused("%F", "2000-02-29"));
  CHECK_FALSE(refused("%F", "2024-02-29"));
  CHECK(refused("%F", "2026-04-31"));
  CHECK(refused("%F", "2026-13-01"));
  CHECK(refused("%F", "2026-00-01"));
  CHECK(refused("%F", "0000-01-01"));
  CHECK(refused("%Y %j", "2023 366"));
  CHECK(refused("%A %F", "Monday 2026-03-04"));
  CHECK(refused("%H:%M", "24:00"));
  CHECK(refused("%T", "00:00:61"));
}

TEST_CASE("a value that has the form only in part is refused") {
  for (const std::string value :
       {"2026-03-04 ", " 2026-03-04", "2026-03-04x", "2026-03", "26-03-04", "02026-03-04",
        "2026/03/04", "today", "2026-+3-04", "2026-03-4\n"}) {
    CAPTURE(value);
    CHECK(refused("%F", value));
  }
  CHECK(refused("%F", std::string("2026-03-04\0", 11)));
  CHECK(refused("%Y%m%d", "2026115"));
  CHECK(refused("%F%z", "2026-03-04+2"));
  CHECK(refused("%F%z", "2026-03-04+02:0"));
  CHECK(refused("%F%z", "2026-03-04+2460"));
  CHECK(refused("%b %d %Y", "Mrz 4 2026"));
  CHECK(refused("%F %F", "2026-03-04 2026-03-05"));
  CHECK(refused("%s", "999999999999"));
  CHECK(refused("%s", "1.5"));
  CHECK(refused("%F", std::string(1 << 20, '1')));
}

TEST_CASE("the reason of a refusal holds the form and not the value") {
  CHECK(dated("%d/%m/%Y:%F", "1985-07-01") == "failed: not a date of the form %d/%m/%Y");
}

TEST_CASE("a rule that is not one is refused with the reason") {
  CHECK(refusal("%F") == "'%F' has no colon to part FROM and TO");
  CHECK(refusal("%F:%F:%F") == "'%F:%F:%F' has more than one colon to part FROM and TO");
  CHECK(refusal(":%F") == "date form '': it is empty");
  CHECK(refusal("%F:") == "'%F:' has no form behind the colon");
  CHECK(refusal("%Q:%F") == "date form '%Q': there is no conversion %Q");
  CHECK(refusal("%F:%") == "date form '%': a '%' ends it");
  CHECK(refusal("%G %V:%F") == "date form '%G %V': %G can only be written");
  CHECK(refusal("%I:%M:%T") == "date form '%I:%M': %I and %p are only read together");
  CHECK(refusal("%H:%M:%F") == "'%F' needs more of a date than '%H:%M' reads");
  CHECK(refusal("abc:%T") == "date form 'abc': it reads neither a date nor a time");
}

TEST_CASE("every day from 1900 to 2100 is what the C library says, whatever the time zone") {
  ::setenv("TZ", "America/New_York", 1);
  const DateForm form("%Y-%m-%d %H:%M:%S %a %b %j %u %w %G %V %y %e");
  for (std::time_t seconds = -2208988800; seconds < 4102444800; seconds += 86400 * 3 + 4711) {
    std::tm parts = {};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 100> expected = {};
    const auto size = std::strftime(expected.data(), expected.size(),
                                    "%Y-%m-%d %H:%M:%S %a %b %j %u %w %G %V %y %e", &parts);
    std::string made(form.longest(), '\0');
    made.resize(
        static_cast<std::size_t>(form.write({.seconds = seconds}, made.data()) - made.data()));
    REQUIRE(made == std::string(expected.data(), size));
    const auto back = DateForm("%F %T %a %b %j").read(made.substr(0, 31));
    REQUIRE(back.has_value());
    REQUIRE(back->seconds == seconds);
  }
  ::unsetenv("TZ");
}
