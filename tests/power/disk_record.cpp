// SPDX-License-Identifier: MIT
#include "power/disk_record.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "support/temporary_directory.hpp"

namespace nodeops::test {
namespace {

using Kind = DiskOperation::Kind;

std::string last_part(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::vector<DiskOperation> read_record(const std::string& record) {
  std::vector<DiskOperation> operations;
  for (std::size_t at = 0; at < record.size();) {
    DiskOperation operation{.kind = static_cast<Kind>(record[at++]), .name = {}};
    std::uint64_t name = 0;
    std::uint64_t size = 0;
    for (auto* const number : {&name, &operation.offset, &size}) {
      std::memcpy(number, record.data() + at, sizeof *number);
      at += sizeof *number;
    }
    operation.name = last_part(record.substr(at, name));
    at += name;
    operation.bytes = record.substr(at, size);
    at += size;
    if (operation.kind == Kind::rename) operation.bytes = last_part(operation.bytes);
    operations.push_back(std::move(operation));
  }
  return operations;
}

/// The disk as the program sees it: which file each operation is about, and how far it is durable.
class Disk {
 public:
  Disk(const std::vector<DiskOperation>& operations, std::size_t end, const Files& before)
      : operations_(operations), end_(end) {
    for (const auto& [name, bytes] : before) {
      begin_.emplace(name, contents_.size());
      contents_.push_back(bytes);
    }
    follow_names();
  }

  /// Writes what is durable, and of the rest what chance leaves.
  void write(std::mt19937& random) {
    for (std::size_t i = 0; i < end_; ++i) {
      const auto& operation = operations_[i];
      const bool empties = operation.kind == Kind::create && operation.offset == 1;
      if (operation.kind != Kind::write && operation.kind != Kind::truncate && !empties) continue;
      const std::size_t file = files_[i];
      const bool durable = i < synced_[file];
      // The rest: whole, lost, or torn between two sectors.
      const auto fate = durable ? 0 : random() % 3;
      if (fate == 1) continue;
      if (operation.kind != Kind::write) {
        contents_[file].resize(operation.kind == Kind::truncate ? operation.offset : 0);
        continue;
      }
      const std::size_t size = operation.bytes.size();
      put(operation, contents_[file], fate == 0 ? size : random() % (size / 512 + 1) * 512);
    }
  }

  /// The names after the first `count` operations.
  Files named(std::size_t count) const {
    auto names = begin_;
    for (std::size_t i = 0; i < count; ++i) name(i, names);
    Files files;
    for (const auto& [name, file] : names) files.emplace(name, contents_[file]);
    return files;
  }

  std::size_t names_synced() const { return names_synced_; }

 private:
  static void put(const DiskOperation& operation, std::string& file, std::size_t most) {
    const auto size = std::min(operation.bytes.size(), most);
    if (file.size() < operation.offset + size) file.resize(operation.offset + size);
    file.replace(operation.offset, size, operation.bytes, 0, size);
  }

  void follow_names() {
    auto names = begin_;
    files_.resize(end_);
    for (std::size_t i = 0; i < end_; ++i) {
      const auto& operation = operations_[i];
      if (operation.kind == Kind::sync_directory)
        names_synced_ = std::max(names_synced_, static_cast<std::size_t>(operation.offset));
      const bool has_file = operation.kind == Kind::create || operation.kind == Kind::write ||
                            operation.kind == Kind::truncate || operation.kind == Kind::sync;
      if (has_file && !names.contains(operation.name)) {
        files_[i] = contents_.size();
        contents_.emplace_back();
      } else if (has_file) {
        files_[i] = names.at(operation.name);
      }
      name(i, names);
      if (operation.kind == Kind::sync) {
        auto& synced = synced_[files_[i]];
        synced = std::max(synced, static_cast<std::size_t>(operation.offset));
      }
    }
  }

  /// What an operation changes about the names.
  void name(std::size_t i, std::map<std::string, std::size_t>& names) const {
    const auto& operation = operations_[i];
    if (operation.kind == Kind::create || operation.kind == Kind::write) {
      names.emplace(operation.name, files_[i]);
    } else if (operation.kind == Kind::remove) {
      names.erase(operation.name);
    } else if (operation.kind == Kind::rename && names.contains(operation.name)) {
      names[operation.bytes] = names.at(operation.name);
      names.erase(operation.name);
    }
  }

  const std::vector<DiskOperation>& operations_;
  std::size_t end_;
  std::map<std::string, std::size_t> begin_;
  std::vector<std::string> contents_;
  std::vector<std::size_t> files_;             ///< by operation
  std::map<std::size_t, std::size_t> synced_;  ///< by file: operations before this one
  std::size_t names_synced_ = 0;
};

}  // namespace

RecordedRun record_run(Launch launch, const std::string& preloaded) {
  constexpr int descriptor = 200;
  const TemporaryDirectory place;
  const std::string number = std::to_string(descriptor);
  // The descriptor is there before the program starts, and nothing that it opens can take it.
  const std::string shell = "exec " + number + ">\"$0\"; export LD_PRELOAD=$1; shift; exec \"$@\"";
  std::vector<std::string> arguments = {"-c", shell, place / "record", preloaded, launch.program};
  arguments.insert(arguments.end(), launch.arguments.begin(), launch.arguments.end());
  launch.program = "/bin/bash";
  launch.arguments = std::move(arguments);
  launch.environment["NODEOPS_RECORD"] = number;
  RecordedRun run{.outcome = run_process(launch), .operations = {}};
  run.operations = read_record(place.read("record"));
  return run;
}

Files files_after_cut(const std::vector<DiskOperation>& operations, std::size_t end, Names names,
                      const Files& before, std::mt19937& random) {
  Disk disk(operations, end, before);
  disk.write(random);
  if (names == Names::at_once) return disk.named(end);
  const std::size_t least = std::min(disk.names_synced(), end);
  return disk.named(least + random() % (end - least + 1));
}

}  // namespace nodeops::test
