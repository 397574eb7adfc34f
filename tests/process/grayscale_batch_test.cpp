// SPDX-License-Identifier: MIT
// A batch under signals, full disks, vanishing files.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "process/grayscale_images.hpp"

using namespace nodeops::test;
using Names = std::vector<std::string>;
namespace fs = std::filesystem;

namespace {

constexpr auto both_ways = {"threads", "processes"};

/// Everything in the output directory is a whole image.
std::size_t whole_images(const TemporaryDirectory& place, const std::string& directory, int count) {
  std::size_t found = 0;
  for (int n = 0; n < count; ++n) {
    const std::string name = directory + "/" + image_name(n);
    if (!place.has(name)) continue;
    CHECK((place.read(name) == gray_image(n)));
    ++found;
  }
  return found;
}

/// Waits until so many images are told to be written (-v).
bool wait_for_written(Process& process, std::size_t count) {
  return process.wait_for([&] {
    std::size_t told = 0;
    for (auto at = process.err().find("output written"); at != std::string::npos;
         at = process.err().find("output written", at + 1))
      ++told;
    return told >= count;
  });
}

std::size_t entries(const TemporaryDirectory& place, const std::string& directory) {
  if (!place.has(directory)) return 0;
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(place / directory), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("SIGTERM and SIGINT end a batch cleanly in the middle of an image") {
  for (const char* const isolate : both_ways) {
    for (const auto& [number, exit_code] : {std::pair(SIGTERM, 143), std::pair(SIGINT, 130)}) {
      const TemporaryDirectory place;
      write_images(place, 3);
      Launch launch = grayscale(place, {"--isolate", isolate, "--timeout", "0", "-j", "2", "-o",
                                        "out", "--report", "r.json", "-v", "in"});
      launch.environment = {{"NODEOPS_TEST_IMAGE_FAULT", "hang:" + image_name(2)}};
      Process process(launch);
      REQUIRE(wait_for_written(process, 2));
      process.signal(number);
      const auto outcome = process.finish();
      CHECK(outcome.exit_code == exit_code);
      CHECK_FALSE(contains(outcome.err, image_name(2) + ":"));
      CHECK(whole_images(place, "out", 3) == 2);
      CHECK(entries(place, "out") == 2);
      const auto report = nlohmann::json::parse(place.read("r.json"));
      CHECK(report.at("interrupted") == true);
      CHECK(report.at("items").at("ok") == 2);
      CHECK(report.at("items").at("failed") == 0);
    }
  }
}

TEST_CASE("kill -9 leaves whole images and nothing else") {
  for (const char* const isolate : both_ways) {
    const TemporaryDirectory place;
    constexpr int count = 40;
    write_images(place, count);
    Launch launch =
        grayscale(place, {"--isolate", isolate, "--timeout", "0", "-v", "-o", "out", "in"});
    launch.environment = {{"NODEOPS_TEST_IMAGE_FAULT", "hang:" + image_name(count - 1)}};
    Process process(launch);
    REQUIRE(wait_for_written(process, 5));
    process.signal(SIGKILL);
    CHECK(process.finish().signal == SIGKILL);
    CHECK(whole_images(place, "out", count) == entries(place, "out"));
  }
}

TEST_CASE("a disk that is full costs the images that do not fit, and leaves no pieces") {
  for (const char* const isolate : both_ways) {
    const TemporaryDirectory place;
    write_images(place, 2);
    place.write("in/tiny.pgm", "P6\n1 1\n255\n\xff\xff\xff");
    Launch launch = grayscale(place, {"--isolate", isolate, "-o", "out", "in"});
    launch.file_size_limit = 10000;
    const auto outcome = run_process(launch);
    CHECK(outcome.exit_code == 1);
    CHECK(contains(outcome.err, image_name(0) + ": "));
    CHECK(contains(outcome.err, "File too large"));
    CHECK(entries(place, "out") == 1);
    CHECK(place.read("out/tiny.pgm") == "P5\n1 1\n255\n\xff");
  }
}

TEST_CASE("an image that has vanished since it was listed costs one item") {
  const TemporaryDirectory place;
  write_images(place, 3);
  // The one worker is held up by a pipe, which nobody has opened yet, until the file is gone.
  REQUIRE(::mkfifo((place / "pipe").c_str(), 0600) == 0);
  Process process(grayscale(place, {"-j", "1", "-o", "out", "pipe", "in"}));
  std::FILE* const pipe = std::fopen((place / "pipe").c_str(), "wb");
  REQUIRE(pipe != nullptr);
  fs::remove(place / ("in/" + image_name(1)));
  const std::string image = color_image(9);
  CHECK(std::fwrite(image.data(), 1, image.size(), pipe) == image.size());
  std::fclose(pipe);
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.err ==
        "nodeops grayscale: in/" + image_name(1) + ": cannot open: No such file or directory\n");
  CHECK((place.read("out/pipe") == gray_image(9)));
  CHECK(entries(place, "out") == 3);
}

TEST_CASE("a directory that cannot be read costs one item") {
  const TemporaryDirectory place;
  write_images(place, 1);
  fs::create_directory(place / "in/closed");
  ::chmod((place / "in/closed").c_str(), 0);
  const auto outcome = run_process(grayscale(place, {"-r", "-o", "out", "in"}));
  ::chmod((place / "in/closed").c_str(), 0700);
  CHECK(place.has("out/" + image_name(0)));
  if (::geteuid() == 0) return;  // root may read it
  CHECK(outcome.exit_code == 1);
  CHECK(contains(outcome.err, "in/closed: cannot open: Permission denied"));
}

TEST_CASE("standard output that goes away ends the run quietly") {
  const TemporaryDirectory place;
  write_images(place, 1);
  place.write("large.ppm", "P6\n1000 1000\n255\n" + std::string(3'000'000, '\xff'));
  Process process(grayscale(place, {"-o", "-", "large.ppm"}));
  process.close_output();
  const auto outcome = process.finish();
  CHECK(outcome.exit_code == 141);
  CHECK(outcome.err.empty());
}

TEST_CASE("many workers keep to a lower memory limit, between images too") {
  const TemporaryDirectory place;
  std::filesystem::create_directory(place / "in");
  constexpr int side = 1000;
  const std::string head = "P6\n" + std::to_string(side) + " " + std::to_string(side) + "\n255\n";
  for (int n = 0; n < 8; ++n)
    place.write("in/" + image_name(n), head + std::string(3UL * side * side, '\xff'));
  const auto outcome = run_process(grayscale(
      place, {"-j", "8", "--memory-limit", "4M", "--report", "r.json", "-o", "out", "in"}));
  CHECK(outcome.exit_code == 0);
  // One image takes 6 MB at most; eight workers would keep 4 MB each. The system's own count for a
  // child begins with the size of this process: the report's does not.
  const auto report = nlohmann::json::parse(place.read("r.json"));
  CHECK(report.at("resources").at("peak_rss_bytes") <=
        NODEOPS_MEMORY_FACTOR * (std::size_t{26} << 20));
}

TEST_CASE("the heartbeat is in the report and in the closing words") {
  const TemporaryDirectory place;
  write_images(place, 4);
  Launch launch = grayscale(place, {"--heartbeat", "1ms", "-v", "--timeout", "1s", "-o", "out",
                                    "--report", "r.json", "in"});
  launch.environment = {{"NODEOPS_TEST_IMAGE_FAULT", "hang:" + image_name(0)}};
  const auto outcome = run_process(launch);
  const auto beats = nlohmann::json::parse(place.read("r.json")).at("heartbeat");
  CHECK(beats.at("beats") >= 2);
  CHECK(beats.at("late_us").at("max") >= beats.at("late_us").at("p50"));
  CHECK(contains(outcome.err, "nodeops grayscale: heartbeat late by "));
}
