// SPDX-License-Identifier: MIT
#include "stream/descriptor.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <thread>

#include "core/error.hpp"
#include "stream/open_input.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops;
using namespace nodeops::test;
using namespace std::chrono_literals;

namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
    out = ends[0];
    in = ends[1];
  }
  ~Pipe() {
    close_in();
    if (out >= 0) close(out);
  }
  void close_in() {
    if (in >= 0) close(in);
    in = -1;
  }
  int out;
  int in;
};

ErrorKind kind_of(const std::string& path) {
  try {
    open_input(path, {});
  } catch (const AppError& error) {
    CHECK(std::string(error.what()).find(path) != std::string::npos);
    return error.kind();
  }
  return ErrorKind::usage;
}

}  // namespace

TEST_CASE("a pipe gives what has come, says when it pauses, and ends") {
  Pipe pipe;
  DescriptorSource source(pipe.out, "pipe", {});
  CHECK_FALSE(source.ready(0ms));
  REQUIRE(write(pipe.in, "abc", 3) == 3);
  CHECK(source.ready(0ms));
  std::array<char, 10> bytes{};
  CHECK(source.read(bytes) == 3);
  CHECK_FALSE(source.ready(0ms));
  pipe.close_in();
  CHECK(source.ready(0ms));
  CHECK(source.read(bytes) == 0);
}

TEST_CASE("a stop ends a read that waits for a pipe") {
  Pipe pipe;
  std::stop_source stop;
  DescriptorSource source(pipe.out, "pipe", stop.get_token());
  const std::jthread stopper([&] { stop.request_stop(); });
  std::array<char, 10> bytes{};
  CHECK_THROWS_WITH_AS(source.read(bytes), "pipe: stopped", AppError);
}

TEST_CASE("what comes before the stop is still read") {
  Pipe pipe;
  std::stop_source stop;
  stop.request_stop();
  REQUIRE(write(pipe.in, "abc", 3) == 3);
  DescriptorSource source(pipe.out, "pipe", stop.get_token());
  std::array<char, 10> bytes{};
  CHECK(source.read(bytes) == 3);
}

TEST_CASE("many pieces are written in order, however often the pipe is full") {
  Pipe pipe;
  std::string expected;
  std::vector<std::string> texts;
  for (int i = 0; i < 5000; ++i)
    texts.push_back(std::to_string(i) + std::string(static_cast<std::size_t>(i % 700), 'x'));
  std::vector<std::string_view> pieces(texts.begin(), texts.end());
  for (const auto& text : texts) expected += text;
  std::string got;
  {
    const std::jthread reader([&] {
      std::array<char, 5000> bytes{};
      for (ssize_t count = 1; count > 0;) {
        count = read(pipe.out, bytes.data(), bytes.size());
        if (count > 0) got.append(bytes.data(), static_cast<std::size_t>(count));
      }
    });
    DescriptorSink(pipe.in, "pipe", {}).write(pieces);
    pipe.close_in();
  }
  CHECK(got == expected);
}

TEST_CASE("a pipe that nobody reads any more is told from a failure") {
  std::signal(SIGPIPE, SIG_IGN);  // as main does
  Pipe pipe;
  DescriptorSink sink(pipe.in, "pipe", {});
  close(pipe.out);
  pipe.out = -1;
  try {
    sink.write("x");
    FAIL("written");
  } catch (const AppError& error) {
    CHECK(error.kind() == ErrorKind::closed_pipe);
  }
}

TEST_CASE("inputs that cannot be read are told by kind and name") {
  const TemporaryDirectory place;
  CHECK(kind_of(place / "missing") == ErrorKind::no_input);
  CHECK(kind_of(place.path().string()) == ErrorKind::no_input);
}

TEST_CASE("a file knows its size and can be read from anywhere") {
  const TemporaryDirectory place;
  const auto source = open_input(place.write("file", "abcdef"), {});
  CHECK(source->size() == 6U);
  source->seek(4);
  std::array<char, 10> bytes{};
  CHECK(source->read(bytes) == 2);
  CHECK(bytes[0] == 'e');
}
