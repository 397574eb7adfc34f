// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "dashboard/source.hpp"
#include "task/timers.hpp"

namespace nodeops::dashboard {

/// A source whose answers are files: `file:PATH` with {user} in it, percent-encoded, so that no id
/// names a file elsewhere. Regular files only, of at most 8 MiB.
class FileSource : public Source {
 public:
  FileSource(Timers& timers, std::string path) : timers_(timers), path_(std::move(path)) {}

  std::unique_ptr<Request> ask(const Question& question, Done done) override;

 private:
  class Pending;
  Timers& timers_;
  std::string path_;
};

}  // namespace nodeops::dashboard
