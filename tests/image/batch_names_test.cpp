// SPDX-License-Identifier: MIT
#include "image/batch_names.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"

using namespace nodeops;
using namespace nodeops::image;

TEST_CASE("a pattern puts directory, stem and suffix where it says") {
  const NamePattern::Parts parts{.directory = "in/sub", .stem = "a.b", .extension = "png"};
  CHECK(NamePattern("{dir}/{stem}-gray.{ext}").name(parts) == "in/sub/a.b-gray.png");
  CHECK(NamePattern("{stem}.{ext}").name(parts) == "a.b.png");
  CHECK(NamePattern("out/{ext}/{stem}{stem}").name(parts) == "out/png/a.ba.b");
  CHECK(NamePattern("{{{stem}}}").name(parts) == "{a.b}");
}

TEST_CASE("the current directory and a missing suffix leave no trace in a name") {
  CHECK(NamePattern("{dir}/{stem}-gray.{ext}")
            .name({.directory = ".", .stem = "a", .extension = ""}) == "a-gray");
  CHECK(NamePattern("{dir}/{stem}.{ext}").name({.directory = "/", .stem = "a", .extension = "b"}) ==
        "//a.b");
}

TEST_CASE("a pattern that means nothing is refused") {
  for (const char* text : {"", "{dir}", "{dir}/", "{name}", "{stem", "a/{stem}/"})
    CHECK_THROWS_AS(NamePattern{text}, AppError);
  CHECK_THROWS_WITH(NamePattern("{name}"),
                    "--name: '{name}' is not allowed; allowed: a name with {dir}, {stem}, {ext} "
                    "(there is no {name})");
}

TEST_CASE("an output has the suffix of its format, or keeps the input's") {
  CHECK(output_extension("a.JPEG", Target::keep) == "JPEG");
  CHECK(output_extension("a.JPEG", Target::jpg) == "jpg");
  CHECK(output_extension("a.png", Target::webp) == "webp");
  CHECK(output_extension("a", Target::keep).empty());
  CHECK(output_extension("a.dat", Target::keep) == "dat");
  CHECK(output_extension(".png", Target::keep).empty());
}

TEST_CASE("formats that are only read get the suffix of what is written instead") {
  CHECK(output_extension("a.gif", Target::keep) == "png");
  CHECK(output_extension("a.PSD", Target::keep) == "png");
  CHECK(output_extension("a.ppm", Target::keep) == "pgm");
  CHECK(output_extension("a.pgm", Target::keep) == "pgm");
}

TEST_CASE("a suffix says which format is wanted") {
  CHECK(target_for("x/a.PNG") == Target::png);
  CHECK(target_for("a.jpe") == Target::jpg);
  CHECK(target_for("a.gif") == Target::keep);
  CHECK(target_for("a") == Target::keep);
  CHECK(target_for("-") == Target::keep);
}
