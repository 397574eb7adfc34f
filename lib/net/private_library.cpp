// SPDX-License-Identifier: MIT
#include "net/private_library.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <system_error>
#include <vector>

#include "core/error.hpp"
#include "net/http_answer.hpp"
#include "net/http_transfers.hpp"

namespace nodeops {
namespace {

namespace fs = std::filesystem;

/// In the order they are tried. The name alone is found by a program that was linked with the
/// library where it was built, and by the loader's usual ways. Then comes where the library is
/// installed, as seen from an installed program that may have been moved, and as it was configured.
std::vector<std::string> places(const std::string& file) {
  std::vector<std::string> found{file};
  std::error_code problem;
  const fs::path program = fs::read_symlink("/proc/self/exe", problem);
  if (!problem) found.push_back(program.parent_path() / NODEOPS_LIBDIR_FROM_BINDIR / file);
  found.push_back(fs::path(NODEOPS_LIBDIR) / file);
  return found;
}

}  // namespace

void* private_symbol(const std::string& library, const char* symbol, const std::string& purpose) {
  std::string reason;
  for (const std::string& place : places(library + NODEOPS_LIBRARY_SUFFIX)) {
    if (void* const loaded = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL)) {
      if (void* const found = ::dlsym(loaded, symbol)) return found;
    }
    const char* const problem = ::dlerror();
    if (problem != nullptr) reason = problem;
  }
  throw AppError(ErrorKind::unavailable, purpose + ": " + reason, "reinstall nodeops");
}

AnswerHttp& load_answer_http() {
  static AnswerHttp& loaded = *reinterpret_cast<AnswerHttp*>(
      private_symbol("libnodeops-http", "nodeops_answer_http", "cannot serve HTTP"));
  return loaded;
}

std::unique_ptr<HttpTransfers> make_http_transfers(Reactor& reactor, const HttpSettings& settings) {
  static MakeHttpTransfers& make = *reinterpret_cast<MakeHttpTransfers*>(
      private_symbol("libnodeops-curl", "nodeops_make_http_transfers", "cannot ask by HTTP"));
  return std::unique_ptr<HttpTransfers>(make(reactor, settings));
}

}  // namespace nodeops
