// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "image/convert.hpp"

namespace nodeops::image {

/// How outputs are called: '{dir}/{stem}-gray.{ext}'. `{{` and `}}` stand for braces.
class NamePattern {
 public:
  /// Throws AppError usage: an unknown placeholder, a brace that never closes, no file name.
  explicit NamePattern(std::string_view text);

  struct Parts {
    std::string_view directory;  ///< of the input; "." is left out of the name
    std::string_view stem;       ///< the name without directory and suffix
    std::string_view extension;  ///< of the output, without the dot; empty: without the dot before
  };
  std::string name(const Parts& parts) const;

 private:
  enum class Piece { text, directory, stem, extension };
  std::vector<std::pair<Piece, std::string>> pieces_;
};

/// The suffix of the output for an input of this name, without the dot. `keep` keeps the name's
/// own, also when the content is of another format, but for formats that are not written: names are
/// decided before any file is opened.
std::string output_extension(std::string_view input_name, Target to);

/// The format that a file is asked to have by its suffix; keep, if by none of those that are
/// written.
Target target_for(std::string_view output_name);

}  // namespace nodeops::image
