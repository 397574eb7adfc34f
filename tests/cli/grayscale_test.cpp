// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "cli/run_nodeops.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops::test;
using Names = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

/// A picture of one colour.
std::string ppm(int width, int height, std::string_view color = "\x10\x20\x30") {
  std::string text = "P6\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n";
  for (int n = 0; n < width * height; ++n) text += color;
  return text;
}

/// The same, in gray.
std::string pgm(int width, int height, char gray = '\x1d') {
  return "P5\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n" +
         std::string(static_cast<std::size_t>(width * height), gray);
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// A file's time of change, this many seconds after 2020 began.
void set_time(const std::string& path, long seconds) {
  constexpr long start = 1577836800;
  const std::array<timeval, 2> times{timeval{start + seconds, 0}, timeval{start + seconds, 0}};
  REQUIRE(::utimes(path.c_str(), times.data()) == 0);
}

}  // namespace

TEST_CASE("grayscale turns standard input gray on standard output") {
  const auto outcome = run_nodeops({"grayscale"}, ppm(4, 2));
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == pgm(4, 2));
  CHECK(outcome.err.empty());
}

TEST_CASE("grayscale writes beside each input") {
  const TemporaryDirectory place;
  const auto outcome =
      run_nodeops({"grayscale", place.write("a.pgm", ppm(3, 3)), place.write("b.pgm", ppm(2, 5))});
  CHECK(outcome.exit_code == 0);
  CHECK(place.names() == Names{"a-gray.pgm", "a.pgm", "b-gray.pgm", "b.pgm"});
  CHECK(place.read("b-gray.pgm") == pgm(2, 5));
}

TEST_CASE("grayscale keeps the tree below each input, and a bad file costs itself only") {
  const TemporaryDirectory place;
  fs::create_directories(place / "in/sub");
  place.write("in/a.pgm", ppm(3, 3));
  place.write("in/sub/b.pgm", ppm(2, 2));
  place.write("in/bad.png", "nonsense");
  place.write("in/empty.jpg", "");
  place.write("in/cut.pgm", ppm(30, 30).substr(0, 100));
  const auto outcome = run_nodeops(
      {"grayscale", "-r", "-o", place / "out", "--report", place / "r.json", place / "in"});
  CHECK(outcome.exit_code == 1);
  CHECK(place.read("out/a.pgm") == pgm(3, 3));
  CHECK(place.read("out/sub/b.pgm") == pgm(2, 2));
  const std::string report = place.read("r.json");
  CHECK(contains(report, R"("items":{"in":5,"ok":2,"failed":3,"skipped":0})"));
  for (const char* name : {"bad.png", "empty.jpg", "cut.pgm"}) {
    CHECK(contains(outcome.err, place / "in/" + name + ": "));
    CHECK(contains(report, name));
  }
  std::size_t written = 0;
  for (const auto& entry : fs::recursive_directory_iterator(place / "out"))
    written += entry.is_regular_file() ? 1 : 0;
  CHECK(written == 2);
}

TEST_CASE("grayscale with one input writes to a file, or into a directory that is there") {
  const TemporaryDirectory place;
  const std::string input = place.write("a.pgm", ppm(3, 3));
  CHECK(run_nodeops({"grayscale", "-o", place / "x.pgm", input}).exit_code == 0);
  CHECK(place.has("x.pgm"));
  fs::create_directory(place / "out");
  CHECK(run_nodeops({"grayscale", "-o", place / "out", input}).exit_code == 0);
  CHECK(place.has("out/a.pgm"));
  CHECK(run_nodeops({"grayscale", "-o", place / "new/", input}).exit_code == 0);
  CHECK(place.has("new/a.pgm"));
}

TEST_CASE("grayscale finds outputs that collide before it writes anything") {
  const TemporaryDirectory place;
  const auto outcome = run_nodeops({"grayscale", "--to", "pgm", place.write("a.PPM", ppm(1, 1)),
                                    place.write("a.pnm", ppm(1, 1))});
  CHECK(outcome.exit_code == 2);
  CHECK(contains(outcome.err, "would both be written to"));
  CHECK(place.names() == Names{"a.PPM", "a.pnm"});
}

TEST_CASE("grayscale replaces nothing unless it is told to") {
  const TemporaryDirectory place;
  const std::string input = place.write("a.pgm", ppm(1, 1));
  place.write("a-gray.pgm", "old");
  const auto refused = run_nodeops({"grayscale", input});
  CHECK(refused.exit_code == 1);
  CHECK(contains(refused.err, "a-gray.pgm exists already"));
  CHECK(place.read("a-gray.pgm") == "old");
  CHECK(run_nodeops({"grayscale", "--overwrite", input}).exit_code == 0);
  CHECK(place.read("a-gray.pgm") == pgm(1, 1));
}

TEST_CASE("grayscale --in-place replaces the inputs") {
  const TemporaryDirectory place;
  const std::string input = place.write("a.pgm", ppm(2, 2));
  CHECK(run_nodeops({"grayscale", "--in-place", input}).exit_code == 0);
  CHECK(place.names() == Names{"a.pgm"});
  CHECK(place.read("a.pgm") == pgm(2, 2));
}

TEST_CASE("grayscale --update skips what is newer and made with the same options") {
  const TemporaryDirectory place;
  const std::string input = place.write("a.pgm", ppm(2, 2));
  set_time(input, 0);
  const auto run = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"grayscale", "--update", "--report", place / "r.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.push_back(input);
    CHECK(run_nodeops(arguments).exit_code == 0);
    return contains(place.read("r.json"), R"("skipped":1)");
  };
  CHECK_FALSE(run({}));
  CHECK(run({}));
  // A file system without extended attributes cannot know the options.
  const bool keeps_marks = !run({"--luma", "bt709"});
  if (!keeps_marks) MESSAGE("no extended attributes here");
  if (keeps_marks) CHECK_FALSE(run({}));
  CHECK(run({}));
  set_time(place / "a-gray.pgm", 10);
  set_time(input, 20);
  CHECK_FALSE(run({}));
}

TEST_CASE("grayscale refuses what needs too many pixels, before it takes the memory") {
  const TemporaryDirectory place;
  const std::string bomb = place.write("bomb.pgm", "P6\n60000 60000\n255\nxyz");
  const auto outcome = run_nodeops({"grayscale", bomb});
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, "bomb.pgm: "));
  const auto small =
      run_nodeops({"grayscale", "--max-pixels", "3", "-o", "-", place.write("a.pgm", ppm(2, 2))});
  CHECK(small.exit_code == 1);
  CHECK(contains(small.err, "2 x 2 pixels are more than --max-pixels"));
  CHECK(small.out.empty());
}

TEST_CASE("grayscale takes names from a list") {
  const TemporaryDirectory place;
  const std::string list =
      place.write("a.pgm", ppm(1, 1)) + '\0' + place.write("two\nlines \xff.pgm", ppm(2, 1)) + '\0';
  const auto outcome =
      run_nodeops({"grayscale", "--files-from", "-", "-0", "-o", place / "out"}, list);
  CHECK(outcome.exit_code == 0);
  CHECK(place.read("out/two\nlines \xff.pgm") == pgm(2, 1));
  const auto lines = run_nodeops({"grayscale", "--files-from", place.write("l", place / "a.pgm")});
  CHECK(lines.exit_code == 0);
  CHECK(place.has("a-gray.pgm"));
}

TEST_CASE("grayscale writes odd names on one line when it complains") {
  const TemporaryDirectory place;
  const std::string odd = place.write("a\nb\x1b[31m\xff.png", "no image");
  const auto outcome = run_nodeops({"grayscale", odd});
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, "a\\nb\\x1b[31m\\xff.png: "));
  CHECK(outcome.err.find('\n') == outcome.err.size() - 1);
}

TEST_CASE("grayscale ends with 66 when there is nothing it could open") {
  const auto outcome = run_nodeops({"grayscale", "no/such.png"});
  CHECK(outcome.exit_code == 66);
  CHECK(outcome.err == "nodeops grayscale: no/such.png: cannot open: No such file or directory\n");
}

TEST_CASE("grayscale counts a missing input among others as one failure") {
  const TemporaryDirectory place;
  const auto outcome =
      run_nodeops({"grayscale", place / "none.png", place.write("a.pgm", ppm(1, 1))});
  CHECK(outcome.exit_code == 1);
  CHECK(place.has("a-gray.pgm"));
}

TEST_CASE("grayscale --on-error stop ends at the first failure, with its status") {
  const TemporaryDirectory place;
  const auto outcome =
      run_nodeops({"grayscale", "-j", "1", "--on-error", "stop", place.write("a.png", "no image"),
                   place.write("b.pgm", ppm(1, 1))});
  CHECK(outcome.exit_code == 65);
  CHECK_FALSE(place.has("b-gray.pgm"));
}

TEST_CASE("grayscale ends with 73 when the directory of the outputs cannot be") {
  const TemporaryDirectory place;
  const std::string input = place.write("a.pgm", ppm(1, 1));
  place.write("file", "x");
  CHECK(run_nodeops({"grayscale", "-o", place / "file/out/", input}).exit_code == 73);
  CHECK(run_nodeops({"grayscale", "-o", place / "file", input, input + "x"}).exit_code == 73);
}

TEST_CASE("grayscale makes no directory for an output that is named") {
  const TemporaryDirectory place;
  const auto outcome =
      run_nodeops({"grayscale", "-o", place / "none/a.pgm", place.write("a.pgm", ppm(2, 2))});
  CHECK(outcome.exit_code == 73);
  CHECK(contains(outcome.err, "none/a.pgm: cannot create: No such file or directory"));
  CHECK(place.names() == Names{"a.pgm"});
}

TEST_CASE("grayscale warns where a suffix does not fit the content, and nowhere else") {
  const TemporaryDirectory place;
  const std::string fits = place.write("a.pgm", ppm(2, 2));
  const std::string other = place.write("b.png", ppm(2, 2));
  const auto outcome =
      run_nodeops({"grayscale", "--events", "-", "-o", place / "out/", fits, other});
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.out, place / "out/b.png" + ": the content is pgm"));
  CHECK_FALSE(contains(outcome.out, place / "out/a.pgm" + ": the content"));
}

TEST_CASE("grayscale --dry-run says what it would write, and writes nothing") {
  const TemporaryDirectory place;
  const std::string input = place.write("a.pgm", ppm(2, 2));
  const auto outcome = run_nodeops({"grayscale", "--dry-run", "-o", place / "out/", input});
  CHECK(outcome.exit_code == 0);
  CHECK(contains(outcome.err, "would write " + place / "out/a.pgm"));
  CHECK(place.names() == Names{"a.pgm"});
}

TEST_CASE("grayscale refuses options that do not go together") {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--in-place", "-o", "x", "a"},
                                             {"--in-place", "--name", "{stem}", "a"},
                                             {"--in-place", "--to", "png", "a"},
                                             {"--in-place", "--update", "a"},
                                             {"--in-place"},
                                             {"-0", "a"},
                                             {"-", "a"},
                                             {"--name", "{nothing}", "a"},
                                             {"--luma", "pink", "a"},
                                             {"--quality", "0", "a"},
                                             {"--compression", "10", "a"},
                                             {"--max-pixels", "0", "a"},
                                             {"--timeout", "-1s", "a"}}) {
    std::vector<std::string> all = {"grayscale"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const auto outcome = run_nodeops(all);
    CHECK_MESSAGE(outcome.exit_code == 2, arguments.front() << ": " << outcome.err);
  }
}

TEST_CASE("grayscale gives an image no more time than --timeout") {
  const TemporaryDirectory place;
  const std::map<std::string, std::string> fault = {
      {"NODEOPS_TEST_IMAGE_FAULT", "hang:slow.pgm,memory:fat.pgm"}};
  const auto outcome =
      run_nodeops({"grayscale", "--timeout", "1s", "--report", place / "r.json",
                   place.write("slow.pgm", ppm(1, 1)), place.write("a.pgm", ppm(1, 1))},
                  {}, fault);
  CHECK(outcome.exit_code == 1);
  CHECK(contains(place.read("r.json"), "urn:nodeops:error:over-limit"));
  CHECK(contains(outcome.err, "slow.pgm: took longer than --timeout allows"));
  // On a busy machine the other may have been late as well.
  CHECK(place.has("a-gray.pgm") != contains(outcome.err, "a.pgm: took longer"));
}

TEST_CASE("grayscale with little memory does one image after the other, and all of them") {
  const TemporaryDirectory place;
  std::vector<std::string> arguments = {"grayscale", "-j", "4", "--memory-limit", "1M"};
  for (int n = 0; n < 12; ++n) {
    arguments.push_back(place.write("p" + std::to_string(n) + ".pgm", ppm(300 + 60 * n, 400)));
  }
  CHECK(run_nodeops(arguments).exit_code == 0);
  CHECK(place.names().size() == 24);
}
