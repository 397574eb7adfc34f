// SPDX-License-Identifier: MIT
// Worker processes: what happens in one costs one image.
#include <doctest/doctest.h>

#include <map>

#include "process/grayscale_images.hpp"

using namespace nodeops::test;

namespace {

ProcessOutcome run_isolated(const TemporaryDirectory& place, const std::string& faults,
                            const std::vector<std::string>& arguments) {
  std::vector<std::string> all = {"--isolate", "processes", "--report", "r.json"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  Launch launch = grayscale(place, all);
  launch.environment = {{"NODEOPS_TEST_IMAGE_FAULT", faults}};
  return run_process(launch);
}

}  // namespace

TEST_CASE("worker processes give the same images as threads") {
  const TemporaryDirectory place;
  write_images(place, 8);
  CHECK(run_process(grayscale(place, {"-o", "threads", "in"})).exit_code == 0);
  CHECK(run_process(grayscale(place, {"--isolate", "processes", "-o", "processes", "in"}))
            .exit_code == 0);
  for (int n = 0; n < 8; ++n)
    CHECK((place.read("threads/" + image_name(n)) == place.read("processes/" + image_name(n))));
}

TEST_CASE("a decoder that crashes or eats memory costs one image, with the reason") {
  const TemporaryDirectory place;
  write_images(place, 8);
  const auto outcome = run_isolated(place, "crash:" + image_name(1) + ",memory:" + image_name(3),
                                    {"-o", "out", "in"});
  CHECK(outcome.exit_code == 1);
  // A sanitizer has its own way to end a process that crashes or takes too much.
  const bool sanitized = NODEOPS_MEMORY_FACTOR > 1;
  CHECK(contains(outcome.err, image_name(1) + (sanitized ? ": the decoder "
                                                         : ": the decoder crashed (SIGSEGV)\n")));
  CHECK(contains(outcome.err,
                 image_name(3) + (sanitized ? ": " : ": not enough memory to convert it\n")));
  CHECK(contains(place.read("r.json"), R"("items":{"in":8,"ok":6,"failed":2,"skipped":0})"));
  for (int n = 0; n < 8; ++n) CHECK(place.has("out/" + image_name(n)) == (n != 1 && n != 3));
}

TEST_CASE("a decoder that hangs costs one image, whose process is killed") {
  const TemporaryDirectory place;
  write_images(place, 3);
  const auto outcome = run_isolated(place, "hang:" + image_name(0),
                                    {"-j", "1", "--timeout", "2s", "-o", "out", "in"});
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, image_name(0) + ": took longer than --timeout allows\n"));
  CHECK_FALSE(place.has("out/" + image_name(0)));
  // On a busy machine another may have been late as well.
  for (int n = 1; n < 3; ++n)
    CHECK(place.has("out/" + image_name(n)) != contains(outcome.err, image_name(n) + ": took"));
}

TEST_CASE("one worker survives five crashes in a row, and is given up after the sixth") {
  const TemporaryDirectory place;
  write_images(place, 9);
  std::string faults;
  for (int n = 0; n < 5; ++n) faults += "crash:" + image_name(n) + ",";
  const auto survived = run_isolated(place, faults, {"-j", "1", "-o", "out", "in"});
  CHECK(survived.exit_code == 1);
  CHECK(contains(place.read("r.json"), R"("ok":4,"failed":5)"));
  const auto given_up =
      run_isolated(place, faults + "crash:" + image_name(5), {"-j", "1", "-o", "out2", "in"});
  CHECK(given_up.exit_code == 1);
  CHECK(contains(given_up.err, "not tried"));
  CHECK(contains(place.read("r.json"), R"("items":{"in":9,"ok":0,"failed":9,"skipped":0})"));
}

TEST_CASE("crashes that are not in a row never add up") {
  const TemporaryDirectory place;
  write_images(place, 16);
  std::string faults;
  for (int n = 0; n < 16; n += 2) faults += "crash:" + image_name(n) + ",";
  const auto outcome = run_isolated(place, faults, {"-j", "1", "-o", "out", "in"});
  CHECK(outcome.exit_code == 1);
  CHECK(contains(place.read("r.json"), R"("ok":8,"failed":8)"));
}

TEST_CASE("an image comes through a pipe into a worker process, too") {
  const TemporaryDirectory place;
  write_images(place, 1);
  const auto outcome = run_process(grayscale(place, {"--isolate", "processes"}), color_image(0));
  CHECK(outcome.exit_code == 0);
  CHECK((outcome.out == gray_image(0)));
}

TEST_CASE("a bomb costs a worker process neither memory nor life") {
  const TemporaryDirectory place;
  place.write("bomb.pgm", "P6\n60000 60000\n255\nxyz");
  place.write("good.pgm", color_image(0));
  const auto outcome = run_isolated(place, "", {"-j", "1", "bomb.pgm", "good.pgm"});
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, "bomb.pgm: "));
  CHECK(place.has("good-gray.pgm"));
}

TEST_CASE("a worker process goes on behind an image that could not replace itself") {
  const TemporaryDirectory place;
  place.write("a.pgm", "P6\n1 1\n255\n\xff\xff\xff");
  place.write("none.gif", "GIF89a");
  const auto outcome = run_isolated(place, "", {"-j", "1", "--in-place", "none.gif", "a.pgm"});
  CHECK(outcome.exit_code == 1);
  CHECK(place.read("none.gif") == "GIF89a");
  CHECK(place.read("a.pgm") == "P5\n1 1\n255\n\xff");
}

TEST_CASE("a worker process that nobody asked for ends by itself") {
  const auto outcome = run_process({.program = NODEOPS_BINARY, .arguments = {"--image-worker"}});
  CHECK(outcome.signal == 0);
  CHECK(outcome.exit_code == 70);
}
