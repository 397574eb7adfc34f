// SPDX-License-Identifier: MIT
#pragma once

#include <stop_token>

#include "core/deadline.hpp"

namespace nodeops {

/// Waits until the deadline: true. Stopped before: false, at once. The only sleep there is.
bool pause_until(Deadline deadline, const std::stop_token& stop);

}  // namespace nodeops
