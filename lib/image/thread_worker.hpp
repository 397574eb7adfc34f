// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "image/image_worker.hpp"
#include "task/time_limits.hpp"

namespace nodeops::image {

/// Converts in the calling thread. What takes too long is asked to stop; a decoder that crashes
/// takes the process along.
class ThreadWorker : public ImageWorker {
 public:
  explicit ThreadWorker(TimeLimits& limits) : limits_(limits) {}

  bool ready(const std::stop_token& stop) override { return !stop.stop_requested(); }
  Measured measure(const ImageTask& task) override;
  Converted convert(const ImageTask& task) override;
  void drop() override;

 private:
  TimeLimits& limits_;
  std::size_t most_kept_ = 0;
  std::vector<std::byte> content_;  ///< reused: fresh memory costs as much as a pass over it
};

}  // namespace nodeops::image
