// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "csv/scan.hpp"

namespace nodeops::csv {

/// The scanner's AVX-512 and AVX2 kernels, as far as this processor has what they need; none on
/// other architectures.
std::vector<ScanKernel> x86_scan_kernels();

}  // namespace nodeops::csv
