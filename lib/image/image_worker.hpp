// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "core/deadline.hpp"
#include "image/convert.hpp"
#include "image/fault.hpp"
#include "image/input_file.hpp"

namespace nodeops::image {

/// What is asked of a worker.
struct ImageTask {
  InputFile& file;
  const ConvertOptions& options;
  Fault fault;
  std::size_t most_kept;        ///< of memory, until the next image
  Deadline deadline;            ///< beyond it, the image has failed
  const std::stop_token& stop;  ///< of the run
};

/// What a worker finds in an image's header.
struct Measured {
  std::uint64_t working_bytes;  ///< that the conversion takes at most, the file included
  Format format;
  std::string extension;  ///< of the output's format
};

/// Converts images, one at a time: here, or in a process of its own. Used by one thread.
class ImageWorker {
 public:
  virtual ~ImageWorker() = default;

  /// Gets ready for an image. False: the stop came, or this worker cannot be had any more.
  virtual bool ready(const std::stop_token& stop) = 0;

  /// Reads the file and its header. Then follows convert() or drop(). Throws AppError, also
  /// bad_data for an image that took too long or killed its worker; interrupted when the run was
  /// stopped. After that neither is called.
  virtual Measured measure(const ImageTask& task) = 0;

  /// Converts what was measured. Throws as measure() does.
  virtual Converted convert(const ImageTask& task) = 0;

  /// Forgets what was measured.
  virtual void drop() = 0;
};

}  // namespace nodeops::image
