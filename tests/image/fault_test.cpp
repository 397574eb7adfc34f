// SPDX-License-Identifier: MIT
#include "image/fault.hpp"

#include <doctest/doctest.h>

using namespace nodeops::image;

TEST_CASE("faults are named by file, wherever it is") {
  const Faults faults("crash:a.png,hang:b c.png,memory:d.png,odd:e.png,nothing");
  CHECK(faults.of("x/y/a.png") == Fault::crash);
  CHECK(faults.of("b c.png") == Fault::hang);
  CHECK(faults.of("d.png") == Fault::memory);
  CHECK(faults.of("e.png") == Fault::none);
  CHECK(faults.of("nothing") == Fault::none);
  CHECK(Faults("").of("a.png") == Fault::none);
}

TEST_CASE("a hang ends when it is told to") {
  int asked = 0;
  suffer(Fault::hang, [&] { return ++asked == 3; });
  CHECK(asked == 3);
}
