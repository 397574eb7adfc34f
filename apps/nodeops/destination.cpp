// SPDX-License-Identifier: MIT
#include "destination.hpp"

#include <unistd.h>

namespace nodeops {

Destination::Destination(const std::string& path, RunContext& run, OutputFile::Temporary temporary)
    : path_(path), sink_(&nothing_) {
  if (path == standard_stream || path == "/dev/stdout") {
    if (!run.common.dry_run) sink_ = run.io.out;
    return;
  }
  // A dry run opens the file too, to tell now what would fail then; it is dropped at the end.
  file_ = std::make_unique<OutputFile>(path, run.io.stop.get_token(), temporary);
  if (run.common.dry_run) {
    file_.reset();
    return;
  }
  sink_ = file_.get();
  const std::string& name = file_->temporary_path();
  const bool kept = temporary == OutputFile::Temporary::kept;
  if (run.shutdown != nullptr && !name.empty() && !kept) {
    last_words_ = run.shutdown->last_words().add([name] { ::unlink(name.c_str()); });
  }
}

void Destination::finish() {
  if (file_) file_->finish();
}

}  // namespace nodeops
