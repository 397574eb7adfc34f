// SPDX-License-Identifier: MIT
#include "version.hpp"

#include "csv/scan.hpp"

namespace nodeops {

const char* const version_number = NODEOPS_VERSION;
const char* const library_versions = NODEOPS_LIBRARIES;

std::string version_text() {
  return std::string("nodeops ") + version_number + "\nbuilt by " + NODEOPS_COMPILER + ", " +
         NODEOPS_BUILD_TYPE + "\nlibraries: " + library_versions +
         "\nscanner: " + std::string(csv::scan_kernels().front().name) + "\n";
}

}  // namespace nodeops
