// SPDX-License-Identifier: MIT
#include "destination.hpp"

#include <unistd.h>

#include "core/error.hpp"

namespace nodeops {

Destination::Destination(const std::string& path, RunContext& run) : path_(path), sink_(&nothing_) {
  if (path == "-" || path == "/dev/stdout") {
    if (!run.common.dry_run) sink_ = run.io.out;
    return;
  }
  if (path.starts_with("sqlite:") || path.starts_with("postgresql://")) {
    throw AppError(ErrorKind::usage,
                   "--output: '" + path + "' is a database, which this version cannot write",
                   "a file of that name is ./" + path);
  }
  // A dry run opens the file too, to tell now what would fail then; it is dropped at the end.
  file_ = std::make_unique<OutputFile>(path, run.io.stop.get_token());
  if (run.common.dry_run) {
    file_.reset();
    return;
  }
  sink_ = file_.get();
  const std::string& temporary = file_->temporary_path();
  if (run.shutdown != nullptr && !temporary.empty()) {
    last_words_ = run.shutdown->last_words().add([temporary] { ::unlink(temporary.c_str()); });
  }
}

void Destination::finish() {
  if (file_) file_->finish();
}

}  // namespace nodeops
