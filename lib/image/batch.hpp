// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/io.hpp"
#include "image/batch_output.hpp"
#include "image/batch_plan.hpp"
#include "image/fault.hpp"
#include "observe/events.hpp"
#include "observe/totals.hpp"

namespace nodeops::image {

struct BatchOptions {
  ConvertOptions convert;
  unsigned workers = 1;
  /// What the images in flight may take together; one that needs more runs alone.
  std::uint64_t memory_limit = std::uint64_t{1} << 30;
  std::chrono::nanoseconds timeout = std::chrono::seconds(60);  ///< of one image; 0: none
  bool in_processes = false;
  std::vector<std::string> worker_command = {};  ///< starts a process that calls worker_main()
  bool in_place = false;  ///< outputs replace their inputs: nothing else may change but the pixels
  bool overwrite = false;
  bool update = false;
  bool dry_run = false;
  bool stop_on_error = false;
  Faults faults = {};
};

/// Everything around a batch.
struct BatchRun {
  RunTotals& totals;
  RunEvents& events;
  ByteSource* standard_input;
  BatchOutputs& outputs;
  std::stop_token stop;
  /// Told of what a dry run would have written.
  std::function<void(const std::string& path, std::uint64_t bytes)> would_write;
};

/// Counts something named or found that is no file as a failed image, and tells why.
void count_failure(BatchRun& run, const std::string& path, ErrorKind kind,
                   const std::string& reason);

/// Converts every image on a pool of workers. An image that fails is counted and told of, and the
/// others go on. Throws AppError: interrupted; with stop_on_error the first failure; closed_pipe;
/// unavailable when there can be no worker process.
void convert_batch(const std::vector<BatchItem>& items, const BatchOptions& options, BatchRun& run);

}  // namespace nodeops::image
