// SPDX-License-Identifier: MIT
#include <dlfcn.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "core/error.hpp"
#include "net/http_answer.hpp"

namespace nodeops {
namespace {

namespace fs = std::filesystem;

/// In the order they are tried. The name alone is found by a program that was linked with the
/// library where it was built, and by the loader's usual ways. Then comes where the library is
/// installed, as seen from an installed program that may have been moved, and as it was configured.
std::vector<std::string> places() {
  std::vector<std::string> found{NODEOPS_HTTP_LIBRARY};
  std::error_code problem;
  const fs::path program = fs::read_symlink("/proc/self/exe", problem);
  if (!problem) {
    found.push_back(program.parent_path() / NODEOPS_LIBDIR_FROM_BINDIR / NODEOPS_HTTP_LIBRARY);
  }
  found.push_back(fs::path(NODEOPS_LIBDIR) / NODEOPS_HTTP_LIBRARY);
  return found;
}

AnswerHttp& load() {
  std::string reason;
  for (const std::string& place : places()) {
    // Never closed: its threads and its thread-local variables need it to the end.
    if (void* const library = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL)) {
      if (void* const symbol = ::dlsym(library, "nodeops_answer_http")) {
        return *reinterpret_cast<AnswerHttp*>(symbol);
      }
    }
    const char* const problem = ::dlerror();
    if (problem != nullptr) reason = problem;
  }
  throw AppError(ErrorKind::unavailable, "cannot serve HTTP: " + reason, "reinstall nodeops");
}

}  // namespace

AnswerHttp& load_answer_http() {
  static AnswerHttp& loaded = load();
  return loaded;
}

}  // namespace nodeops
