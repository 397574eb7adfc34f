// SPDX-License-Identifier: MIT
#include "image/batch_inputs.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/temporary_directory.hpp"

using namespace nodeops;
using namespace nodeops::image;
using nodeops::test::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

/// Where each file stands below its INPUT.
std::vector<std::string> below(const BatchInputs& inputs) {
  std::vector<std::string> names;
  for (const BatchInput& input : inputs.files) names.push_back(input.below);
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a directory gives its images by name, and those below it only when asked to") {
  const TemporaryDirectory place;
  fs::create_directories(place / "in/sub/deep");
  for (const char* name : {"in/b.png", "in/a.JPG", "in/sub/c.webp", "in/sub/deep/d.tiff"})
    place.write(name, "x");
  InputLister flat({});
  flat.add(place / "in");
  CHECK(below(flat.take()) == Names{"a.JPG", "b.png"});
  InputLister deep({.recursive = true});
  deep.add(place / "in");
  const BatchInputs found = deep.take();
  CHECK(below(found) == Names{"a.JPG", "b.png", "sub/c.webp", "sub/deep/d.tiff"});
  CHECK(found.has_directory);
  CHECK(found.files.front().found);
  CHECK(found.files.front().bytes == 1);
}

TEST_CASE("of a directory, what is no image is passed over unless it begins like one") {
  const TemporaryDirectory place;
  place.write("notes.txt", "hello");
  place.write("photo", "\xff\xd8\xff\xe0 and so on");
  place.write("old.dat", "P6\n1 1\n255\nabc");
  place.write(".hidden.png", "x");
  place.write("empty.png", "");
  place.write("w", std::string_view("RIFF\x10\0\0\0WEBPVP8 ", 16));
  InputLister lister({});
  lister.add(place.path().string());
  CHECK(below(lister.take()) == Names{"empty.png", "old.dat", "photo", "w"});
}

TEST_CASE("what is named is taken whatever it is called") {
  const TemporaryDirectory place;
  InputLister lister({});
  lister.add(place.write("notes.txt", "hello"));
  lister.add("-");
  const BatchInputs inputs = lister.take();
  CHECK(below(inputs) == Names{"notes.txt", "stdin"});
  CHECK_FALSE(inputs.files.front().found);
}

TEST_CASE("links to directories are not followed, so that there are no loops; links to files are") {
  const TemporaryDirectory place;
  fs::create_directories(place / "in/sub");
  place.write("in/sub/a.png", "x");
  fs::create_directory_symlink("..", place / "in/sub/up");
  fs::create_symlink("sub/a.png", place / "in/link.png");
  fs::create_symlink("one.png", place / "in/two.png");
  fs::create_symlink("two.png", place / "in/one.png");
  fs::create_symlink("nowhere", place / "in/dead");
  InputLister lister({.recursive = true});
  lister.add(place / "in");
  const BatchInputs inputs = lister.take();
  CHECK(below(inputs) == Names{"link.png", "sub/a.png"});
  REQUIRE(inputs.unusable.size() == 2);
  CHECK(inputs.unusable.front().reason == "cannot open: Too many levels of symbolic links");
}

TEST_CASE("a link to a directory that is named is searched") {
  const TemporaryDirectory place;
  fs::create_directories(place / "in");
  place.write("in/a.png", "x");
  fs::create_directory_symlink("in", place / "link");
  InputLister lister({});
  lister.add(place / "link");
  CHECK(below(lister.take()) == Names{"a.png"});
}

TEST_CASE("what does not exist, and a directory that cannot be read, are told of") {
  const TemporaryDirectory place;
  InputLister lister({.recursive = true});
  lister.add(place / "none.png");
  const BatchInputs inputs = lister.take();
  REQUIRE(inputs.unusable.size() == 1);
  CHECK(inputs.unusable.front().kind == ErrorKind::no_input);
  CHECK(inputs.unusable.front().path == place / "none.png");
  CHECK(inputs.files.empty());
}

TEST_CASE("the directory of the outputs is not searched") {
  const TemporaryDirectory place;
  fs::create_directories(place / "in/out");
  place.write("in/a.png", "x");
  place.write("in/out/a.png", "x");
  InputLister lister({.recursive = true, .output_directory = place / "in/out/"});
  lister.add(place / "in");
  CHECK(below(lister.take()) == Names{"a.png"});
}

TEST_CASE("pipes and devices in a directory are not waited for") {
  const TemporaryDirectory place;
  REQUIRE(::mkfifo((place / "pipe.png").c_str(), 0600) == 0);
  place.write("a.png", "x");
  InputLister lister({});
  lister.add(place.path().string());
  CHECK(below(lister.take()) == Names{"a.png"});
}

TEST_CASE("a list names inputs line by line, or with NUL between them") {
  const TemporaryDirectory place;
  const std::string one = place.write("one.png", "x");
  const std::string odd = place.write("two\nlines \xff.png", "x");
  InputLister lines({});
  const std::string twice = one + "\n\n" + one;  // without the last line's end
  MemorySource text(twice, 3);                   // in pieces
  lines.add_list(text, '\n');
  CHECK(below(lines.take()) == Names{"one.png", "one.png"});
  InputLister zeros({});
  const std::string list = one + '\0' + odd + '\0';
  MemorySource zero_text(list, 5);
  zeros.add_list(zero_text, '\0');
  CHECK(below(zeros.take()) == Names{"one.png", "two\nlines \xff.png"});
}
