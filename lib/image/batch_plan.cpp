// SPDX-License-Identifier: MIT
#include "image/batch_plan.hpp"

#include <algorithm>
#include <filesystem>
#include <unordered_map>
#include <unordered_set>

#include "observe/printable.hpp"

namespace nodeops::image {
namespace {

namespace fs = std::filesystem;

/// One name for one file, whatever way it is written. Hard links are different files: an output is
/// renamed into its place and leaves the other names alone.
class RealNames {
 public:
  std::string of(const std::string& path) {
    if (path == "-") return path;
    std::error_code error;
    if (fs::is_symlink(path, error)) {
      const fs::path real = fs::weakly_canonical(path, error);
      return error ? path : real.string();
    }
    const fs::path whole(path);
    return (directory(whole.parent_path().string()) / whole.filename()).string();
  }

 private:
  const fs::path& directory(const std::string& path) {
    auto& known = known_[path];
    if (known.empty()) {
      std::error_code error;
      known = fs::weakly_canonical(path.empty() ? "." : path, error);
      if (error) known = fs::path(path).lexically_normal();
      // What does not exist comes out as it went in.
      if (known.is_relative()) known = fs::absolute(known, error).lexically_normal();
    }
    return known;
  }

  std::unordered_map<std::string, fs::path> known_;
};

/// `own_suffix_too`: where the suffix is another than the input's, the input's stands in front of
/// it.
std::string output_of(const BatchInput& input, const OutputRule& rule, bool own_suffix_too) {
  if (rule.place == OutputRule::Place::file) return rule.destination;
  if (rule.place == OutputRule::Place::input) return input.path;
  const bool apart = rule.place == OutputRule::Place::directory;
  const fs::path path = apart ? fs::path(rule.destination) / input.below : fs::path(input.path);
  const std::string directory = path.parent_path().string();
  const std::string stem = path.stem().string();
  std::string extension = output_extension(path.filename().string(), rule.to);
  const std::string own = path.extension().string();
  if (own_suffix_too && rule.to == Target::keep && own != "." + extension)
    extension = own.substr(1) + "." + extension;
  return rule.pattern.name({.directory = directory.empty() ? "." : std::string_view(directory),
                            .stem = stem,
                            .extension = extension});
}

struct Planned {
  BatchItem item;
  std::string real_input;
  std::string real_output;
};

[[noreturn]] void refuse_collision(const BatchItem& one, const BatchItem& other) {
  throw AppError(ErrorKind::usage,
                 printable(one.input.path) + " and " + printable(other.input.path) +
                     " would both be written to " + printable(other.output),
                 "give another --name, or run them apart");
}

[[noreturn]] void refuse_overwriting(const BatchItem& writer, const BatchItem& read) {
  throw AppError(ErrorKind::usage,
                 "the output of " + printable(writer.input.path) + " would replace " +
                     printable(read.input.path) + ", which is an input too",
                 "give another --name, or -o DIR");
}

/// Formats that are only read get another suffix, which a neighbour may have: b.gif and b.png would
/// both be b.png. The one that has changed becomes b.gif.png then.
void keep_apart(std::vector<Planned>& planned, const OutputRule& rule, RealNames& real) {
  std::unordered_map<std::string, std::size_t> wanted;
  for (const Planned& one : planned) ++wanted[one.real_output];
  for (Planned& one : planned) {
    if (wanted[one.real_output] < 2) continue;
    one.item.output = output_of(one.item.input, rule, true);
    one.real_output = real.of(one.item.output);
  }
}

std::vector<Planned> named(std::vector<BatchInput> inputs, const OutputRule& rule) {
  RealNames real;
  std::vector<Planned> planned;
  planned.reserve(inputs.size());
  for (BatchInput& input : inputs) {
    std::string output = output_of(input, rule, false);
    std::string real_input = real.of(input.path);
    std::string real_output = real.of(output);
    planned.push_back({.item = {.input = std::move(input), .output = std::move(output)},
                       .real_input = std::move(real_input),
                       .real_output = std::move(real_output)});
  }
  keep_apart(planned, rule, real);
  return planned;
}

}  // namespace

std::vector<BatchItem> plan_batch(std::vector<BatchInput> inputs, const OutputRule& rule,
                                  Order order) {
  std::vector<Planned> planned = named(std::move(inputs), rule);
  std::unordered_map<std::string, const Planned*> by_input;
  for (const Planned& one : planned) {
    // What was named counts more than what was found.
    const auto [at, is_new] = by_input.emplace(one.real_input, &one);
    if (!is_new && !one.item.input.found) at->second = &one;
  }
  std::unordered_set<std::string> earlier_outputs;
  for (const Planned& one : planned) {
    const auto at = by_input.find(one.real_output);
    if (at == by_input.end() || one.real_output == "-" || one.real_output == one.real_input)
      continue;
    if (!at->second->item.input.found) refuse_overwriting(one.item, at->second->item);
    earlier_outputs.insert(one.real_output);
  }
  std::unordered_map<std::string, const Planned*> by_output;
  std::vector<BatchItem> items;
  items.reserve(planned.size());
  for (Planned& one : planned) {
    if (earlier_outputs.contains(one.real_input)) continue;
    const auto [at, is_new] = by_output.emplace(one.real_output, &one);
    if (!is_new && at->second->real_input != one.real_input)
      refuse_collision(at->second->item, one.item);
    if (is_new) items.push_back(one.item);
  }
  const auto smaller = [](const BatchItem& a, const BatchItem& b) {
    return a.input.bytes < b.input.bytes;
  };
  const auto larger = [](const BatchItem& a, const BatchItem& b) {
    return a.input.bytes > b.input.bytes;
  };
  if (order == Order::smallest) std::stable_sort(items.begin(), items.end(), smaller);
  if (order == Order::largest) std::stable_sort(items.begin(), items.end(), larger);
  return items;
}

}  // namespace nodeops::image
