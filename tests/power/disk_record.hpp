// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/process.hpp"

namespace nodeops::test {

/// One thing that a program did to a file, as recorder.cpp wrote it down.
struct DiskOperation {
  enum class Kind : char {
    create = 'C',    ///< opened it so that it is made; `offset` 1: and emptied
    write = 'W',     ///< `bytes` at `offset`
    truncate = 'T',  ///< to `offset` bytes
    rename = 'R',    ///< to `bytes`
    remove = 'U',
    sync = 'S',            ///< what had been written before operation `offset` is on the disk
    sync_directory = 'D',  ///< what had been named before operation `offset` is
    answer = 'A',          ///< `bytes` went out, to a pipe
  };
  Kind kind = Kind::write;
  std::string name;  ///< without its directory
  std::uint64_t offset = 0;
  std::string bytes = {};
};

/// Files by their names, without the directory.
using Files = std::map<std::string, std::string>;

/// Runs it with the libraries of `preloaded` (separated by colons; the recorder is one of them),
/// and says what it did. The record is left out of the directory that it runs in.
struct RecordedRun {
  ProcessOutcome outcome;
  std::vector<DiskOperation> operations;
};
RecordedRun record_run(Launch launch, const std::string& preloaded);

/// When a file is found by its name after a power cut.
enum class Names {
  at_once,      ///< a name is as durable as what the file holds (ext4, XFS)
  when_synced,  ///< when its directory has been synced since; before that, perhaps (POSIX)
};

/// The files as they may be after a cut behind the first `end` operations on what was `before`: all
/// that was synced, and any part of the rest. Names that were not synced got as far as some moment.
Files files_after_cut(const std::vector<DiskOperation>& operations, std::size_t end, Names names,
                      const Files& before, std::mt19937& random);

}  // namespace nodeops::test
