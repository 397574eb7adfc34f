// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "image/batch_inputs.hpp"
#include "image/batch_names.hpp"

namespace nodeops::image {

/// Where the outputs of a batch go.
struct OutputRule {
  enum class Place {
    beside,     ///< named by the pattern, {dir} being the input's directory
    directory,  ///< the same below the destination, with the tree below each INPUT
    file,       ///< the one output is the destination, which may be "-"
    input,      ///< each output replaces its input
  };
  Place place = Place::beside;
  std::string destination = {};
  NamePattern pattern = NamePattern("{dir}/{stem}-gray.{ext}");
  Target to = Target::keep;
};

struct BatchItem {
  BatchInput input;
  std::string output;  ///< "-": standard output
};

enum class Order { given, smallest, largest };

/// Gives every input its output. A file that is named twice for one output is taken once; a file
/// found in a directory that is the output of another input is an earlier run's, and is left out.
/// Throws AppError usage, before anything is written, when two inputs would have one output, or an
/// output would replace another input.
std::vector<BatchItem> plan_batch(std::vector<BatchInput> inputs, const OutputRule& rule,
                                  Order order);

}  // namespace nodeops::image
