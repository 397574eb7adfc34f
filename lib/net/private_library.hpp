// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace nodeops {

/// A symbol of one of our own libraries that are loaded on first use, such as "libnodeops-http".
/// Never unloaded: its threads and its thread-local variables need it to the end. Throws AppError
/// unavailable, which starts with `purpose` ("cannot serve HTTP"), when it cannot be loaded.
void* private_symbol(const std::string& library, const char* symbol, const std::string& purpose);

}  // namespace nodeops
