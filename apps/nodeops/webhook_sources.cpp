// SPDX-License-Identifier: MIT
#include "webhook_sources.hpp"

#include <algorithm>
#include <filesystem>

#include "command_line.hpp"
#include "core/error.hpp"
#include "counted_input.hpp"
#include "observe/log.hpp"
#include "stream/compression.hpp"
#include "stream/open_input.hpp"
#include "stream/small_file.hpp"
#include "webhook/delivery_reader.hpp"
#include "webhook/redrive.hpp"

namespace nodeops {
namespace {

namespace fs = std::filesystem;

class ReadDeliveries : public webhook::DeliverySource {
 public:
  ReadDeliveries(webhook::DeliveryReader reader, bool live)
      : reader_(std::move(reader)), live_(live) {}
  std::optional<webhook::Delivery> next() override { return reader_.next(); }
  bool ready() override { return reader_.ready(); }
  bool can_be_read_ahead() const override { return !live_; }

 private:
  webhook::DeliveryReader reader_;
  bool live_;
};

/// What stands beside a body; nothing when nothing does.
std::string headers_of(const std::string& body) {
  const std::string path = body + ".headers";
  std::error_code error;
  return fs::exists(path, error) ? read_small_file(path, "the headers") : std::string();
}

/// The name without what tells its compression.
std::string_view plain_name(std::string_view path) {
  for (const std::string_view suffix : {".gz", ".zst"})
    if (path.ends_with(suffix)) return path.substr(0, path.size() - suffix.size());
  return path;
}

bool is_one_body(std::string_view path) {
  return plain_name(path).ends_with(".json");
}

bool holds_deliveries(std::string_view path) {
  const auto name = plain_name(path);
  return name.ends_with(".json") || name.ends_with(".ndjson") || name.ends_with(".jsonl");
}

bool is_live(const std::string& path) {
  std::error_code error;
  return path == standard_stream || !fs::is_regular_file(path, error);
}

/// The files that an input stands for; a directory's in the order of their names.
std::vector<std::string> files_of(const std::string& path) {
  std::error_code error;
  if (path == standard_stream || !fs::is_directory(path, error)) return {path};
  std::vector<std::string> files;
  fs::recursive_directory_iterator entry(path, error);
  for (; !error && entry != fs::end(entry); entry.increment(error)) {
    std::error_code dangling;  // a link to nothing is no delivery
    if (entry->is_regular_file(dangling) && holds_deliveries(entry->path().string()))
      files.push_back(entry->path().string());
  }
  if (error)
    throw AppError(ErrorKind::no_input, path + ": cannot read the directory: " + error.message());
  if (files.empty()) log::warn(path + ": there are no deliveries in this directory");
  std::sort(files.begin(), files.end());
  return files;
}

/// Whether `path` lies below this directory; false when that is none.
bool is_below(const fs::path& path, const std::string& directory) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) return false;
  const fs::path from_there =
      fs::weakly_canonical(path, error).lexically_relative(fs::canonical(directory, error));
  return !error && !from_there.empty() && *from_there.begin() != "..";
}

/// Says now what would otherwise stop the run after an hour.
void check(const std::vector<std::string>& paths, RunContext& run) {
  std::uint64_t expected = 0;
  bool all_known = true;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    const bool regular = path != standard_stream && fs::is_regular_file(status);
    if (path != standard_stream && (regular || !fs::exists(status)))
      expected += open_input(path, {})->size().value_or(0);
    all_known = all_known && regular;
  }
  if (all_known) run.totals.expected_bytes = expected;
}

}  // namespace

bool would_be_found(const std::string& path, const std::vector<std::string>& inputs) {
  return holds_deliveries(path) &&
         std::any_of(inputs.begin(), inputs.end(),
                     [&](const std::string& input) { return is_below(path, input); });
}

std::unique_ptr<webhook::DeliverySource> open_deliveries(const WebhookReplayOptions& options,
                                                         RunContext& run) {
  if (options.inputs.empty() && run.io.in_is_terminal)
    throw AppError(ErrorKind::usage, "no input", usage_line("webhook-replay"));
  std::vector<std::string> paths;
  for (const std::string& input : options.inputs) {
    for (std::string& path : files_of(input)) paths.push_back(std::move(path));
  }
  if (options.inputs.empty()) paths.emplace_back(standard_stream);
  check(paths, run);
  std::vector<webhook::DeliveryInput> inputs;
  for (const std::string& path : paths) {
    const bool one_body = is_one_body(path);
    inputs.push_back({.name = path,
                      .open = [&run, path] { return decompressed(open_counted(path, run), path); },
                      .is_one_body = one_body,
                      .is_live = is_live(path),
                      .headers = one_body ? headers_of(path) : ""});
  }
  const bool live =
      std::any_of(inputs.begin(), inputs.end(), [](const auto& input) { return input.is_live; });
  return std::make_unique<ReadDeliveries>(
      webhook::DeliveryReader(std::move(inputs), options.max_body), live);
}

std::unique_ptr<webhook::DeliverySource> redriven_deliveries(webhook::Ledger& ledger) {
  return std::make_unique<webhook::RedrivenDeliveries>(ledger);
}

}  // namespace nodeops
