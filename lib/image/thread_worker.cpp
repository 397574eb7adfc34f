// SPDX-License-Identifier: MIT
#include "image/thread_worker.hpp"

#include <new>

#include "core/error.hpp"

namespace nodeops::image {

Measured ThreadWorker::measure(const ImageTask& task) {
  most_kept_ = task.most_kept;
  try {
    read_whole(task.file.descriptor(), task.file.bytes(), content_);
    const ImageHeader header = inspect(content_, task.options);
    return {.working_bytes = header.working_bytes + content_.size(),
            .format = header.format,
            .extension = header.extension};
  } catch (const std::bad_alloc&) {
    drop();
    throw AppError(ErrorKind::io_failed, "not enough memory for the file");
  } catch (...) {
    drop();
    throw;
  }
}

Converted ThreadWorker::convert(const ImageTask& task) {
  const auto limit = limits_.start(task.deadline, task.stop);
  try {
    const std::stop_token token = limit.token();
    suffer(task.fault, [&] { return token.stop_requested(); });
    Converted converted = image::convert(content_, task.options, token);
    drop();
    return converted;
  } catch (const std::bad_alloc&) {
    drop();
    throw AppError(ErrorKind::io_failed, "not enough memory to convert it");
  } catch (const AppError& error) {
    drop();
    if (error.kind() == ErrorKind::interrupted && limit.passed())
      throw AppError(ErrorKind::over_limit, "took longer than --timeout allows");
    throw;
  }
}

void ThreadWorker::drop() {
  content_.clear();
  if (content_.capacity() > most_kept_ / 2) content_.shrink_to_fit();
}

}  // namespace nodeops::image
