// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "cli/run_nodeops.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops::test;
using Names = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

const std::string picture = "P5\n1 1\n255\n\x40";

}  // namespace

TEST_CASE("grayscale writes none of its own files over an image that it would come upon") {
  const TemporaryDirectory place;
  fs::create_directory(place / "in");
  place.write("in/a.pgm", picture);
  place.write("in/odd", picture);
  place.write("list", place / "in/odd\n");
  for (const char* const option : {"--report", "--metrics-file", "--events", "--log-file"}) {
    for (const auto& [file, from] : {std::pair("in/a.pgm", Names{place / "in"}),
                                     {"in/odd", {"--files-from", place / "list"}},
                                     {"in/a-gray.pgm", {place / "in/a.pgm"}},
                                     {"out/a.pgm", {"-o", place / "out", place / "in"}}}) {
      Names arguments{"grayscale", option, place / file};
      arguments.insert(arguments.end(), from.begin(), from.end());
      const auto outcome = run_nodeops(arguments);
      CHECK(outcome.exit_code == 2);
      CHECK(outcome.err.find(std::string(option) + ": " + place / file) != std::string::npos);
    }
  }
  CHECK(place.read("in/a.pgm") == picture);
  CHECK(place.read("in/odd") == picture);
  CHECK_FALSE(place.has("out"));
}

TEST_CASE("grayscale writes no format that it does not know, and says where a suffix misleads") {
  const TemporaryDirectory place;
  const std::string input = place.write("a.pgm", picture);
  for (const char* const name : {"x.gif", "x.tif", "x.psd"}) {
    const auto outcome = run_nodeops({"grayscale", "-o", place / name, input});
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.err.find("this format is not written") != std::string::npos);
  }
  CHECK(place.names() == Names{"a.pgm"});
  const auto told = run_nodeops({"grayscale", "--name", "{dir}/x.jpg", input});
  CHECK(told.exit_code == 0);
  CHECK(told.err == "nodeops grayscale: warning: " + place / "x.jpg" + ": the content is pgm\n");
}

TEST_CASE("grayscale puts a pattern without {dir} below the directory of the outputs") {
  const TemporaryDirectory place;
  const std::string input = place.write("a.pgm", picture);
  CHECK(run_nodeops({"grayscale", "-o", place / "out/", "--name", "g-{stem}.{ext}", input})
            .exit_code == 0);
  CHECK(place.has("out/g-a.pgm"));
}

TEST_CASE("grayscale ends with 66 when its one input may not be read") {
  if (::geteuid() == 0) return;  // root reads everything
  const TemporaryDirectory place;
  const std::string input = place.write("a.pgm", picture);
  REQUIRE(::chmod(input.c_str(), 0) == 0);
  const auto outcome = run_nodeops({"grayscale", input});
  CHECK(outcome.exit_code == 66);
  CHECK(outcome.err == "nodeops grayscale: " + input + ": cannot open: Permission denied\n");
}

TEST_CASE("grayscale replaces a file whose name leaves no room for more") {
  const TemporaryDirectory place;
  const std::string input = place.write("a.pgm", picture);
  const std::string longest = std::string(251, 'x') + ".pgm";
  for (int run = 0; run < 2; ++run)
    CHECK(run_nodeops({"grayscale", "--overwrite", "-o", place / longest, input}).exit_code == 0);
  CHECK(place.names() == Names{"a.pgm", longest});
}

TEST_CASE("grayscale ends with 74 when its one image has nowhere to go") {
  const TemporaryDirectory place;
  const std::string input = place.write("a.pgm", picture);
  const auto outcome =
      run_nodeops({"grayscale", "--report", place / "r.json", "-o", "/dev/full", input});
  CHECK(outcome.exit_code == 74);
  CHECK(outcome.err.find("/dev/full: cannot write: No space left on device") != std::string::npos);
  CHECK(place.read("r.json").find(R"("failed":1)") != std::string::npos);
}
