// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace nodeops {

/// "0.1.0".
extern const char* const version_number;

/// Those libraries that decide about bytes of outputs, and the rest: "zlib 1.2.13, …".
extern const char* const library_versions;

/// What --version prints: the version, the build and the libraries, a line each.
std::string version_text();

}  // namespace nodeops
