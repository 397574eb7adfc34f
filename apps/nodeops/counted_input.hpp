// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "core/io.hpp"
#include "run_context.hpp"

namespace nodeops {

/// Opens an input, "-" for standard input; tells the run's observers, and counts its bytes as they
/// stand in the file. Throws AppError no_input. The run must outlive it.
std::unique_ptr<ByteSource> open_counted(const std::string& path, RunContext& run);

}  // namespace nodeops
