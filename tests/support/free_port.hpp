// SPDX-License-Identifier: MIT
#pragma once

namespace nodeops::test {

/// A TCP port of 127.0.0.1 that nobody listens on, for a server that cannot choose one itself.
/// Throws std::runtime_error when there is none.
int free_port();

}  // namespace nodeops::test
