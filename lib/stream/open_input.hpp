// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "stream/descriptor.hpp"

namespace nodeops {

/// Opens a file, FIFO or device for reading. Throws AppError no_input when it does not exist,
/// cannot be opened or is a directory.
std::unique_ptr<DescriptorSource> open_input(const std::string& path, const std::stop_token& stop);

}  // namespace nodeops
