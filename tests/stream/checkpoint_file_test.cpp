// SPDX-License-Identifier: MIT
#include "stream/checkpoint_file.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <optional>

#include "core/error.hpp"
#include "stream/file_identity.hpp"
#include "support/temporary_directory.hpp"

using namespace nodeops;
using namespace nodeops::test;
namespace fs = std::filesystem;

namespace {

constexpr auto whichever = CheckpointFile::Lasting::one_or_the_other;
constexpr auto the_new_one = CheckpointFile::Lasting::the_new_one;

std::optional<ErrorKind> failure_of(const std::string& path) {
  KillPoint never("");
  try {
    const CheckpointFile file(path, never);
  } catch (const AppError& error) {
    CHECK(std::string(error.what()).starts_with(path));
    return error.kind();
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("a checkpoint holds the last text that was put into it") {
  const TemporaryDirectory place;
  KillPoint never("");
  {
    CheckpointFile file(place / "c", never);
    CHECK(file.found().empty());
    file.replace("one", the_new_one);
    CHECK(place.read("c") == "one");
    file.replace("two", whichever);
    CHECK(place.names() == std::vector<std::string>{"c"});
  }
  CheckpointFile file(place / "c", never);
  CHECK(file.found() == "two");
  file.remove();
  CHECK(place.names().empty());
}

TEST_CASE("a note behind the text holds until the machine starts anew") {
  const TemporaryDirectory place;
  KillPoint never("");
  const std::string text(4096, 't');
  {
    CheckpointFile file(place / "c", never, "first");
    file.note("of nothing");
    CHECK(place.read("c").empty());
    file.replace(text, whichever);
    file.note("a long note");
    file.note("a note");
    CHECK(place.read("c").find('\0') == text.size());
  }
  {
    const CheckpointFile file(place / "c", never, "first");
    CHECK(file.found() == text);
    CHECK(file.found_note().starts_with("a note"));
  }
  for (const auto* const boot : {"second", "firs", ""}) {
    const CheckpointFile file(place / "c", never, boot);
    CHECK(file.found() == text);
    CHECK(file.found_note().empty());
  }
  {
    CheckpointFile file(place / "c", never, "first");
    file.replace("next", whichever);
  }
  CheckpointFile file(place / "c", never, "first");
  CHECK(file.found() == "next");
  CHECK(file.found_note().empty());
}

TEST_CASE("a note that is cut off leaves the text") {
  const TemporaryDirectory place;
  KillPoint never("");
  {
    CheckpointFile file(place / "c", never, "boot");
    file.replace("text", whichever);
    file.note("note");
  }
  const std::string whole = place.read("c");
  for (std::size_t size = 4; size < whole.size(); ++size) {
    place.write("c", whole.substr(0, size));
    const CheckpointFile file(place / "c", never, "boot");
    CHECK(file.found() == "text");
    CHECK(std::string("note").starts_with(file.found_note()));
  }
  place.write("c", std::string(1, '\0') + "other file");
  CHECK(CheckpointFile(place / "c", never, "boot").found().size() == 11);
}

TEST_CASE("a checkpoint in which nothing was saved leaves no file") {
  const TemporaryDirectory place;
  KillPoint never("");
  { const CheckpointFile file(place / "c", never); }
  CHECK(place.names().empty());
  place.write("c", "old");
  {
    CheckpointFile file(place / "c", never);
    CHECK(file.found() == "old");
    file.forget();
    CHECK(place.read("c").empty());
  }
  CHECK(place.names().empty());
}

TEST_CASE("one run at a time has a checkpoint, also when it has been replaced") {
  const TemporaryDirectory place;
  KillPoint never("");
  std::optional<CheckpointFile> file(std::in_place, place / "c", never);
  CHECK(failure_of(place / "c") == ErrorKind::try_later);
  file->replace("one", whichever);
  CHECK(failure_of(place / "c") == ErrorKind::try_later);
  file->replace("two", whichever);
  CHECK(failure_of(place / "c") == ErrorKind::try_later);
  CHECK(place.read("c") == "two");
  file.reset();
  CHECK_FALSE(failure_of(place / "c"));
  CHECK(place.read("c") == "two");
}

TEST_CASE("a symbolic link to a checkpoint stays, and the file behind it is replaced") {
  const TemporaryDirectory place;
  KillPoint never("");
  fs::create_directory(place.path() / "there");
  fs::create_symlink("there/c", place.path() / "link");
  CheckpointFile file(place / "link", never);
  file.replace("one", the_new_one);
  CHECK(fs::is_symlink(place.path() / "link"));
  CHECK(place.read("there/c") == "one");
}

TEST_CASE("what cannot be a checkpoint is refused") {
  const TemporaryDirectory place;
  CHECK(failure_of(place / "no/directory/c") == ErrorKind::cannot_create);
  CHECK(failure_of(place.path().string()) == ErrorKind::cannot_create);
  place.write("large", "x");
  fs::resize_file(place.path() / "large", (64 << 20) + 1);
  CHECK(failure_of(place / "large") == ErrorKind::bad_data);
  CHECK(fs::file_size(place.path() / "large") == (64 << 20) + 1);
}

TEST_CASE("a file is told from another, and from itself at another time") {
  const TemporaryDirectory place;
  const std::string text = std::string(100'000, 'a') + std::string(100'000, 'b');
  place.write("f", text);
  const auto was = identify(place / "f");
  REQUIRE(was);
  CHECK(was->size == 200'000);
  CHECK(change(*was, *identify(place / "f")).empty());
  const auto time = fs::last_write_time(place.path() / "f");
  const auto rewrite = [&](const std::string& bytes) {
    place.write("f", bytes);
    fs::last_write_time(place.path() / "f", time);
    return change(*was, *identify(place / "f"));
  };
  CHECK(rewrite(text).empty());
  CHECK(rewrite(text + "c") == "its size was 200000 bytes, is 200001");
  CHECK(rewrite("A" + text.substr(1)) == "its first 64 KiB are other ones");
  CHECK(rewrite(text.substr(1) + "c") == "its last 64 KiB are other ones");
  fs::last_write_time(place.path() / "f", time + std::chrono::seconds(1));
  place.write("f", text);
  fs::last_write_time(place.path() / "f", time + std::chrono::seconds(1));
  CHECK(change(*was, *identify(place / "f")) == "it has been written to");
  CHECK_FALSE(identify("/dev/null"));
  place.write("empty", "");
  CHECK(identify(place / "empty")->first == identify(place / "empty")->last);
  CHECK_THROWS_AS(identify(place / "none"), AppError);
}
