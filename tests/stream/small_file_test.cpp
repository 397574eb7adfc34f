// SPDX-License-Identifier: MIT
#include "stream/small_file.hpp"

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops;

namespace {

/// How reading it fails.
AppError failure_of(const std::string& path) {
  try {
    read_small_file(path, "the key file");
  } catch (const AppError& error) {
    return error;
  }
  return {ErrorKind::usage, "it did not fail"};
}

}  // namespace

TEST_CASE("a small file comes whole, with its NULs, however long it is") {
  const test::TemporaryDirectory place;
  for (const std::size_t size : {0, 1, 16383, 16384, 16385, 100'000}) {
    CAPTURE(size);
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7);
    CHECK(read_small_file(place.write("f", text), "the key file") == text);
  }
}

TEST_CASE("a small file that cannot be read is told by its name and what it is for") {
  const test::TemporaryDirectory place;
  const auto missing = failure_of(place / "none");
  CHECK(missing.kind() == ErrorKind::no_input);
  CHECK(std::string(missing.what()) ==
        place / "none" + ": cannot open the key file: No such file or directory");
  const auto directory = failure_of(place.path().string());
  CHECK(directory.kind() == ErrorKind::no_input);
  CHECK(std::string(directory.what()).ends_with("cannot open the key file: Is a directory"));
  const auto endless = failure_of("/dev/zero");
  CHECK(endless.kind() == ErrorKind::bad_data);
  CHECK(std::string(endless.what()) == "/dev/zero: is too large for the key file");
}
