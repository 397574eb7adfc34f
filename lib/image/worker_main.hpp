// SPDX-License-Identifier: MIT
#pragma once

namespace nodeops::image {

/// The only argument of a program that is to be a worker process: it calls worker_main() and
/// returns what that returns, before it starts a thread or opens a file.
constexpr auto worker_argument = "--image-worker";

/// Confines this process and converts what comes over its descriptor 3, until the other side goes.
int worker_main();

}  // namespace nodeops::image
