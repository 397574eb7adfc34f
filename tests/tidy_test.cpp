// SPDX-License-Identifier: MIT
// Holds the source to the plan: who may include whom, who may know which library, how long files
// get. The tables are the plan.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

/// Which modules a module of lib/ may include, besides itself.
const std::map<std::string, std::set<std::string>> may_include = {
    {"core", {}},
    {"observe", {"core"}},
    {"task", {"core"}},
    {"stream", {"core", "observe", "task"}},
    {"net", {"core", "observe", "task"}},
    {"csv", {"core", "observe", "task", "stream"}},
    {"store", {"core", "observe", "task"}},
    {"load", {"core", "observe", "task", "stream", "csv", "store"}},
    {"webhook", {"core", "observe", "task", "stream", "store"}},
    {"dashboard", {"core", "observe", "task", "stream", "net"}},
    {"image", {"core", "observe", "task", "stream"}},
};

/// Which files may include a third-party header, by how its name starts.
const std::map<std::string, std::set<std::string>> may_know = {
    {"CLI/", {"apps/nodeops/command_line.cpp", "apps/nodeops/flags.hpp", "apps/nodeops/help.hpp"}},
    {"toml++/", {"apps/nodeops/config_file.cpp"}},
    {"spdlog/", {"lib/observe/log.cpp"}},
    {"fmt/", {"lib/observe/log.cpp"}},
    {"nlohmann/", {"lib/csv/checkpoint.cpp", "lib/observe/json_object.cpp"}},
    {"rapidjson/", {"lib/observe/json_check.cpp"}},
    {"httplib.h", {"lib/net/http_answer.cpp"}},
    {"asio/", {"lib/task/event_loop.cpp"}},
    {"curl/", {"lib/net/http_transfers_curl.cpp", "lib/net/curl_transfer.hpp"}},
    {"openssl/",
     {"lib/stream/digest.cpp", "lib/stream/crypto_library.cpp", "lib/stream/crypto_library.hpp"}},
    {"zlib.h", {"lib/stream/gzip.cpp"}},
    {"zstd", {"lib/stream/zstd.cpp"}},
    {"sqlite3.h", {"lib/store/sqlite.cpp"}},
    {"libpq-fe.h", {"lib/store/postgres_library.hpp"}},
    {"re2/", {"lib/csv/regex.cpp"}},
    {"lua.hpp", {"lib/csv/lua_functions.cpp", "lib/csv/lua_sandbox.cpp"}},
    {"seccomp.h", {"lib/task/confinement.cpp"}},
    {"utf8proc.h", {"lib/csv/unicode.cpp", "lib/observe/screen_width.cpp"}},
    {"libfccp/", {"lib/dashboard/mock_data.cpp", "lib/webhook/currency.cpp"}},
    {"doctest/", {}},
    {"jpeglib.h", {"lib/image/jpeg_failure.hpp"}},
    {"jerror.h", {"lib/image/jpeg_failure.cpp", "lib/image/jpeg_memory.cpp"}},
    {"spng.h", {"lib/image/png_reader.cpp"}},
    {"isa-l/", {"lib/image/deflate.cpp"}},
    {"libdeflate.h", {"lib/image/deflate.cpp"}},
    {"webp/", {"lib/image/webp_codec.cpp"}},
    {"stb_image", {"lib/image/stb_codec.cpp"}},
    {"emmintrin.h", {"lib/core/bytes16.hpp"}},
    {"immintrin.h",
     {"lib/csv/scan_x86.cpp", "lib/image/luma_x86.cpp", "lib/image/png_filter_x86.cpp"}},
};

/// What is neither ours nor of a library in the table above: C++'s own headers, which have neither
/// a dot nor a slash, and the system's.
const std::regex of_the_system(
    R"([a-z_]+|(sys|netinet|arpa|linux)/[a-z]+\.h|)"
    R"((cxxabi|dlfcn|execinfo|fcntl|malloc|poll|pthread|sched|signal|spawn|time|unistd)\.h)");

/// Who may end the process, read its environment or write to its streams besides main.cpp.
const std::set<std::string> may_touch_the_process = {
    "lib/task/shutdown.cpp",              // a second signal ends the run at once
    "lib/observe/fatal_signals.cpp",      // so does a fatal one
    "apps/nodeops/completions/main.cpp",  // a program of its own, run by the build
};

constexpr std::size_t longest_file = 300;

struct Source {
  std::string path;  ///< from the project's root
  std::vector<std::string> lines;
};

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The sources below these directories of the project.
std::vector<Source> sources(const std::vector<std::string>& directories) {
  std::vector<Source> found;
  const fs::path root = NODEOPS_SOURCE;
  for (const auto& directory : directories) {
    for (const auto& entry : fs::recursive_directory_iterator(root / directory)) {
      const auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp") continue;
      Source source{fs::relative(entry.path(), root).string(), {}};
      std::istringstream text(read(entry.path()));
      for (std::string line; std::getline(text, line);) source.lines.push_back(line);
      found.push_back(std::move(source));
    }
  }
  REQUIRE(!found.empty());
  return found;
}

/// Calls `look` with each line, its file and its place.
template <class Look>
void each_line(const std::vector<Source>& all, Look look) {
  for (const auto& source : all) {
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      look(source, source.lines[i], source.path + ":" + std::to_string(i + 1));
    }
  }
}

/// A line without the comment at its end. Two slashes behind a colon are part of an address.
std::string code(const std::string& line) {
  static const std::regex comment("(^|[^:])//.*");
  return std::regex_replace(line, comment, "$1");
}

std::string included(const std::string& line) {
  static const std::regex include(R"(^\s*#\s*include\s*["<]([^">]+)[">])");
  std::smatch match;
  return std::regex_search(line, match, include) ? match[1].str() : std::string();
}

}  // namespace

TEST_CASE("a module of the library includes only what it stands on") {
  each_line(sources({"lib"}),
            [](const Source& source, const std::string& line, const std::string& place) {
              const auto header = included(line);
              const auto module = source.path.substr(4, source.path.find('/', 4) - 4);
              REQUIRE_MESSAGE(may_include.contains(module),
                              source.path << ": the module is not in the table");
              const auto other = header.substr(0, header.find('/'));
              if (!may_include.contains(other) || other == module) return;
              CHECK_MESSAGE(may_include.at(module).contains(other),
                            place << ": " << module << " may not include " << other);
            });
}

TEST_CASE("a third-party library is known to the files that wrap it, and to no other") {
  each_line(sources({"lib", "apps"}),
            [](const Source& source, const std::string& line, const std::string& place) {
              const auto header = included(line);
              if (header.empty()) return;
              bool third_party = false;
              for (const auto& [start, files] : may_know) {
                if (!header.starts_with(start)) continue;
                third_party = true;
                CHECK_MESSAGE(files.contains(source.path), place << ": may not know " << header);
              }
              if (third_party || line.find('<') == std::string::npos) return;
              CHECK_MESSAGE(std::regex_match(header, of_the_system),
                            place << ": " << header << " is of no library in the table");
            });
}

TEST_CASE("files stay short enough to be read") {
  for (const auto& source : sources({"lib", "apps", "tests", "bench", "fuzz"})) {
    CHECK_MESSAGE(source.lines.size() <= longest_file,
                  source.path << " has " << source.lines.size() << " lines");
  }
}

TEST_CASE("every file says its licence, every header is included once") {
  for (const auto& source : sources({"lib", "apps", "tests", "bench", "fuzz"})) {
    REQUIRE(!source.lines.empty());
    CHECK_MESSAGE(source.lines.front() == "// SPDX-License-Identifier: MIT", source.path);
    if (!source.path.ends_with(".hpp")) continue;
    const bool once =
        std::find(source.lines.begin(), source.lines.end(), "#pragma once") != source.lines.end();
    CHECK_MESSAGE(once, source.path << ": #pragma once is missing");
  }
}

TEST_CASE("libraries are silent and leave the process alone") {
  static const std::regex process(
      R"(std::(cout|cerr|clog)\b|\b(printf|puts|exit|_exit|quick_exit|abort|getenv|secure_getenv)\()");
  static const std::regex whole_namespace(R"(\busing namespace (?!std::\w+_literals))");
  each_line(sources({"lib", "apps"}),
            [](const Source& source, const std::string& line, const std::string& place) {
              const std::string said = code(line);
              CHECK_MESSAGE(!std::regex_search(said, whole_namespace), place << ": " << line);
              if (source.path == "apps/nodeops/main.cpp") return;
              if (may_touch_the_process.contains(source.path)) return;
              CHECK_MESSAGE(!std::regex_search(said, process), place << ": " << line);
            });
}

TEST_CASE("nothing is left to do later, and no file is a bag of things") {
  static const std::regex later(R"(\b(TODO|FIXME|XXX|HACK)\b)");
  static const std::set<std::string> bags = {"util",    "utils",  "helper",
                                             "helpers", "common", "misc"};
  each_line(sources({"lib", "apps"}),
            [](const Source&, const std::string& line, const std::string& place) {
              CHECK_MESSAGE(!std::regex_search(line, later), place << ": " << line);
            });
  for (const auto& source : sources({"lib", "apps", "tests"})) {
    CHECK_MESSAGE(!bags.contains(fs::path(source.path).stem().string()), source.path);
  }
}

TEST_CASE("every source is built and every test is run") {
  for (const auto& source : sources({"lib", "apps", "tests"})) {
    if (!source.path.ends_with(".cpp") || source.path.starts_with("tests/install/")) continue;
    const fs::path path = fs::path(NODEOPS_SOURCE) / source.path;
    // A directory's files are listed beside them or one level up.
    const auto lists = read(path.parent_path() / "CMakeLists.txt") +
                       read(path.parent_path().parent_path() / "CMakeLists.txt");
    CHECK_MESSAGE(lists.find(path.filename().string()) != std::string::npos,
                  source.path << " is in no CMakeLists.txt");
    if (!source.path.ends_with("_test.cpp")) continue;
    const bool tests = std::any_of(
        source.lines.begin(), source.lines.end(),
        [](const std::string& line) { return line.find("TEST_CASE") != std::string::npos; });
    CHECK_MESSAGE(tests, source.path << " tests nothing");
  }
}
