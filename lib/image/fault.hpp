// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace nodeops::image {

/// What a test makes happen to an image while it is converted.
enum class Fault { none, crash, hang, memory };

/// "crash:a.png,hang:b.png,memory:c.png": which fault happens to files of which name. Only a build
/// for tests brings faults about; every other one reads an empty list.
class Faults {
 public:
  Faults() = default;
  explicit Faults(std::string_view text);

  /// By the path's last part.
  Fault of(const std::string& path) const;

 private:
  struct Named {
    Fault fault;
    std::string name;
  };
  std::vector<Named> named_;
};

/// Makes it happen: `crash` ends the process, `hang` lasts until `stopped` says so, `memory` takes
/// memory until there is none and throws std::bad_alloc.
void suffer(Fault fault, const std::function<bool()>& stopped);

}  // namespace nodeops::image
