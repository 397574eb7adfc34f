// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "stream/kill_point.hpp"

namespace nodeops {

/// The file in which a run keeps how far it is. It holds one text or the next, whole, also after a
/// kill -9 or a power cut:
///
///     .NAME.nodeops-new is written and flushed to disk, then renamed to NAME
///
/// One run at a time has it; the kernel's lock goes from the old file to the new one. An empty file
/// says that there is nothing to go on from.
class CheckpointFile {
 public:
  /// Opens it, creating it if need be. Throws AppError: try_later when another run has it,
  /// cannot_create, bad_data when it is too large to be a checkpoint.
  CheckpointFile(const std::string& path, KillPoint& kill_point);

  /// Removes the file when nothing stands in it.
  ~CheckpointFile();
  CheckpointFile(const CheckpointFile&) = delete;
  CheckpointFile& operator=(const CheckpointFile&) = delete;

  const std::string& path() const { return path_; }

  /// What an earlier run has left in it.
  const std::string& found() const { return found_; }

  /// How much has to last through a power cut: what the file held before is right too as long as
  /// the outputs only grow; before something is renamed or cut off it must be the new text.
  enum class Lasting { one_or_the_other, the_new_one };

  /// Puts the text in the place of what was there. Throws AppError io_failed.
  void replace(std::string_view text, Lasting lasting);

  /// Empties it, durably: there is nothing to go on from any more. Throws AppError io_failed.
  void forget();

  /// Removes it: the run is over. Throws AppError io_failed.
  void remove();

 private:
  [[noreturn]] void fail(const char* what) const;

  std::string path_;    ///< as the user gave it
  std::string target_;  ///< behind symbolic links
  std::string next_;    ///< the name of the file to be
  KillPoint& kill_point_;
  int descriptor_ = -1;
  std::string found_;
  bool empty_ = true;
};

}  // namespace nodeops
