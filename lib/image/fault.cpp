// SPDX-License-Identifier: MIT
#include "image/fault.hpp"

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <new>

namespace nodeops::image {
namespace {

Fault fault_named(std::string_view word) {
  if (word == "crash") return Fault::crash;
  if (word == "hang") return Fault::hang;
  return word == "memory" ? Fault::memory : Fault::none;
}

/// Where no limit stands in the way, a bit more than any image may take.
void take_all_memory() {
  constexpr std::size_t piece = 16 << 20;
  constexpr std::size_t most_pieces = 1024;
  std::vector<std::unique_ptr<std::byte[]>> taken;
  for (std::size_t n = 0; n < most_pieces; ++n) taken.emplace_back(new std::byte[piece]);
  throw std::bad_alloc();
}

}  // namespace

Faults::Faults(std::string_view text) {
  constexpr bool built_in = NODEOPS_FAULTS;
  while (built_in && !text.empty()) {
    const auto entry = text.substr(0, text.find(','));
    text.remove_prefix(std::min(entry.size() + 1, text.size()));
    const auto colon = entry.find(':');
    if (colon == std::string_view::npos) continue;
    named_.push_back({fault_named(entry.substr(0, colon)), std::string(entry.substr(colon + 1))});
  }
}

Fault Faults::of(const std::string& path) const {
  const std::string name = std::filesystem::path(path).filename().string();
  const auto found = std::find_if(named_.begin(), named_.end(),
                                  [&](const Named& named) { return named.name == name; });
  return found == named_.end() ? Fault::none : found->fault;
}

void suffer(Fault fault, const std::function<bool()>& stopped) {
  switch (fault) {
    case Fault::none:
      return;
    case Fault::crash:
      std::raise(SIGSEGV);
      return;
    case Fault::hang:
      while (!stopped()) {
      }
      return;
    case Fault::memory:
      take_all_memory();
  }
}

}  // namespace nodeops::image
