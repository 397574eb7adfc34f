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

TEST_CASE("a name below the current directory stays there, and stays a file") {
  const NamePattern pattern("{dir}/{stem}.{ext}");
  CHECK(pattern.name({.directory = ".//out", .stem = "a", .extension = "b"}) == "out/a.b");
  CHECK(pattern.name({.directory = "././//", .stem = "a", .extension = "b"}) == "a.b");
  CHECK(NamePattern("{dir}//{stem}").name({.directory = ".", .stem = "a", .extension = ""}) == "a");
  CHECK(NamePattern("{dir}/{stem}").name({.directory = ".", .stem = "-", .extension = ""}) ==
        "./-");
}

TEST_CASE("a pattern that means nothing is refused") {
  for (const char* text :
       {"", "{dir}", "{dir}/", "{name}", "{stem", "a/{stem}/", "..", ".", "{stem}/.."})
    CHECK_THROWS_AS(NamePattern{text}, AppError);
  CHECK_THROWS_WITH(NamePattern("{name}"),
                    "--name: '{name}' is not allowed; allowed: a name with {dir}, {stem}, {ext} "
                    "(there is no {name})");
}

TEST_CASE("an output has the suffix of its format, or keeps the input's") {
  const auto name = [](const char* input, Target to) {
    const OutputName output = output_name(input, to);
    return output.stem + "|" + output.extension;
  };
  CHECK(name("a.JPEG", Target::keep) == "a|JPEG");
  CHECK(name("a.JPEG", Target::jpg) == "a|jpg");
  CHECK(name("a.png", Target::webp) == "a|webp");
  CHECK(name("a", Target::keep) == "a|");
  CHECK(name("a.b.dat", Target::keep) == "a.b|dat");
  CHECK(name(".png", Target::keep) == ".png|");
}

TEST_CASE("formats that are only read become another, and PNGs beside them do not collide") {
  CHECK(output_name("a.gif", Target::keep).stem == "a.gif");
  CHECK(output_name("a.gif", Target::keep).extension == "png");
  CHECK(output_name("a.gif", Target::jpg).stem == "a");
  CHECK(output_name("a.PSD", Target::keep).extension == "png");
  CHECK(output_name("a.ppm", Target::keep).stem == "a.ppm");
  CHECK(output_name("a.ppm", Target::keep).extension == "pgm");
  CHECK(output_name("a.pgm", Target::keep).stem == "a");
  CHECK(output_name("a.pnm", Target::keep).extension == "pnm");
}

TEST_CASE("a suffix says which format is wanted") {
  CHECK(target_for("x/a.PNG") == Target::png);
  CHECK(target_for("a.jpe") == Target::jpg);
  CHECK(target_for("a.gif") == Target::keep);
  CHECK(target_for("a.ppm") == Target::pgm);
  CHECK(target_for("a") == Target::keep);
  CHECK(target_for("-") == Target::keep);
}

TEST_CASE("a suffix fits the content, unless it is that of another image") {
  CHECK(suffix_fits("a.JPEG", "jpg"));
  CHECK(suffix_fits("a.pnm", "pgm"));
  CHECK(suffix_fits("a.dat", "jpg"));
  CHECK(suffix_fits("-", "jpg"));
  CHECK_FALSE(suffix_fits("a.jpg", "png"));
  CHECK_FALSE(suffix_fits("a.gif", "png"));
  CHECK_FALSE(suffix_fits("a.TIFF", "png"));
}

TEST_CASE("a pattern without {dir} is below the working directory, or from the root") {
  CHECK(NamePattern("{dir}/{stem}").names_a_directory());
  CHECK(NamePattern("gray/{dir}/{stem}").names_a_directory());
  CHECK(NamePattern("/gray/{stem}").names_a_directory());
  CHECK_FALSE(NamePattern("gray/{stem}.{ext}").names_a_directory());
}
