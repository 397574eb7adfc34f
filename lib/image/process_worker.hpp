// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "image/image_worker.hpp"
#include "image/worker_messages.hpp"
#include "task/supervisor.hpp"

namespace nodeops::image {

/// Has images converted by a worker process, which it keeps alive: whatever happens there costs the
/// image that it happened to.
class ProcessWorker : public ImageWorker {
 public:
  /// `command` starts a program that calls worker_main().
  explicit ProcessWorker(std::vector<std::string> command);

  /// Throws AppError unavailable when the process cannot be started or confined.
  bool ready(const std::stop_token& stop) override;
  Measured measure(const ImageTask& task) override;
  Converted convert(const ImageTask& task) override;
  void drop() override;

 private:
  AnswerMessage ask(const ImageTask& task, std::string_view message,
                    const std::vector<int>& descriptors, std::string& text);
  void limit(std::uint64_t working_bytes, const ImageTask& task);
  std::string filled(std::uint64_t bytes) const;
  void close_output();

  Supervisor supervisor_;
  WorkerProcess* process_ = nullptr;
  std::uint64_t address_bytes_ = 0;  ///< of the process before any image; 0: not to be limited
  std::uint64_t working_bytes_ = 0;
  Descriptor output_;
};

}  // namespace nodeops::image
