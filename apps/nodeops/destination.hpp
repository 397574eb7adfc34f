// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "core/io.hpp"
#include "run_context.hpp"
#include "stream/counting.hpp"
#include "stream/output_file.hpp"
#include "task/shutdown.hpp"

namespace nodeops {

/// A destination: standard output, a file that appears whole or not at all, or, in a dry run,
/// nothing.
class Destination {
 public:
  /// Throws AppError cannot_create.
  Destination(const std::string& path, RunContext& run,
              OutputFile::Temporary temporary = OutputFile::Temporary::unnamed_if_possible);

  ByteSink& sink() { return *sink_; }
  const std::string& path() const { return path_; }
  /// Null for standard output and in a dry run.
  OutputFile* file() { return file_.get(); }
  /// Puts a file in its place.
  void finish();

 private:
  std::string path_;
  std::unique_ptr<OutputFile> file_;
  NullSink nothing_;
  ByteSink* sink_;
  Listeners::Ticket last_words_;  ///< removes the temporary file when the process is ended at once
};

}  // namespace nodeops
