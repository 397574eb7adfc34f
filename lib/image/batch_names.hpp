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

  /// Whether it holds {dir} or begins with a slash; else a name is below the working directory.
  bool names_a_directory() const;

 private:
  enum class Piece { text, directory, stem, extension };
  std::vector<std::pair<Piece, std::string>> pieces_;
};

/// What an output is called by its input's name; names are decided before any file is opened.
struct OutputName {
  std::string stem;
  std::string extension;  ///< without the dot
};

/// `keep` keeps the name's suffix, also when the content is of another format. Formats that are not
/// written become PNG or PGM, and what they were stays in the name: a.gif may lie beside an a.png.
OutputName output_name(std::string_view input_name, Target to);

/// True for a name with the suffix of an image format, also of one that is neither read nor written
/// here: that should be said, not passed over.
bool has_image_suffix(std::string_view name);

/// False where a name's suffix is that of another image format than `extension`.
bool suffix_fits(std::string_view name, std::string_view extension);

/// The format that a file is asked to have by its suffix; keep, if by none of those that are
/// written.
Target target_for(std::string_view output_name);

}  // namespace nodeops::image
