// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>

#include "core/io.hpp"
#include "image/convert.hpp"

namespace nodeops::image {

/// The options that an output was made with, in words. It stands on every output as the extended
/// attribute `user.nodeops.options`, where the file system keeps such.
std::string options_mark(const ConvertOptions& options);

/// True when the output is newer than the input and was made with these options. Where the file
/// system keeps no extended attributes, being newer is enough.
bool is_up_to_date(const std::string& input, const std::string& output, const std::string& mark);

/// Puts images into their places, whole or not at all. For any threads.
class BatchOutputs {
 public:
  /// `standard_output` takes what is written to "-".
  BatchOutputs(ByteSink& standard_output, std::string mark, std::stop_token stop)
      : standard_output_(standard_output), mark_(std::move(mark)), stop_(std::move(stop)) {}

  /// Makes missing directories. Throws AppError cannot_create, io_failed, closed_pipe.
  void write(const std::string& path, const std::string& bytes);

  /// Removes what unfinished outputs have put into directories: for a process that ends without
  /// unwinding.
  void remove_temporaries();

 private:
  ByteSink& standard_output_;
  const std::string mark_;
  const std::stop_token stop_;
  std::mutex mutex_;
  std::set<std::string> temporaries_;  ///< guarded by mutex_
};

}  // namespace nodeops::image
