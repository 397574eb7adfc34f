// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace nodeops {

/// The file that a chain of symbolic links ends at, whether it exists or not.
std::string behind_links(const std::string& path);

/// The directory that a file is in; "." when its path names none.
std::string directory_of(const std::string& path);

/// ".NAME" and the ending, in the directory of the file NAME; of a long name only what there is
/// room for.
std::string hidden_beside(const std::string& path, std::string_view ending);

/// Makes what was created, renamed or removed in the directory last through a power cut. Throws
/// AppError io_failed about `path`.
void sync_directory(const std::string& directory, const std::string& path);

}  // namespace nodeops
