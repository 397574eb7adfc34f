// SPDX-License-Identifier: MIT
#include "csv_streams.hpp"

#include <array>
#include <filesystem>

#include "command_line.hpp"
#include "core/error.hpp"
#include "counted_input.hpp"
#include "observe/json_object.hpp"
#include "observe/log.hpp"
#include "stream/open_input.hpp"

namespace nodeops {
namespace {

namespace fs = std::filesystem;

Compression compression(const CsvTransformOptions& options, const std::string& path) {
  if (options.compress == "gzip") return Compression::gzip;
  if (options.compress == "zstd") return Compression::zstd;
  return options.compress == "auto" ? compression_for(path) : Compression::none;
}

}  // namespace

CsvStreams::CsvStreams(const CsvTransformOptions& options, RunContext& run,
                       CsvCheckpoint* checkpoint)
    : options_(options), run_(run), checkpoint_(checkpoint), paths_(options.inputs) {
  if (paths_.empty()) {
    if (run.io.in_is_terminal)
      throw AppError(ErrorKind::usage, "no input", usage_line("csv-transform"));
    paths_.emplace_back(standard_stream);
  }
  check_inputs();
  open_outputs();
  if (checkpoint_ != nullptr) take_checkpoint();
}

CsvStreams::~CsvStreams() {
  if (checkpoint_ != nullptr) checkpoint_->let_go();
}

/// Finds out now what would otherwise stop the run after an hour.
void CsvStreams::check_inputs() {
  std::uint64_t expected = 0;
  bool all_known = true;
  for (const std::string& path : paths_) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    const bool regular = path != standard_stream && fs::is_regular_file(status);
    if (path != standard_stream && (regular || fs::is_directory(status) || !fs::exists(status))) {
      expected += open_input(path, {})->size().value_or(0);
    }
    all_known = all_known && regular;
  }
  if (all_known && options_.shard == 0) run_.totals.expected_bytes = expected;
}

void CsvStreams::open_outputs() {
  const bool is_table = load::is_table(run_.common.output);
  if (!is_table) open_output_file();
  if (!options_.rejects.empty()) {
    rejects_ = std::make_unique<Destination>(options_.rejects, run_, temporary());
    reasons_ = std::make_unique<Destination>(options_.rejects + ".why.ndjson", run_, temporary());
  }
  if (!is_table) return;
  table_ = std::make_unique<CsvTable>(options_, run_, rejects_ ? &rejects_->sink() : nullptr,
                                      reasons_ ? &reasons_->sink() : nullptr,
                                      checkpoint_ != nullptr ? checkpoint_->run_name() : "");
}

/// What is to be gone on with has a name while it grows.
OutputFile::Temporary CsvStreams::temporary() const {
  return checkpoint_ != nullptr ? OutputFile::Temporary::kept
                                : OutputFile::Temporary::unnamed_if_possible;
}

void CsvStreams::open_output_file() {
  const std::string& path = run_.common.output;
  output_ = std::make_unique<Destination>(path, run_, temporary());
  counted_ = std::make_unique<CountingSink>(output_->sink(), run_.totals.bytes_out);
  first_sink_ = counted_.get();
  if (options_.digest) {
    digested_ = std::make_unique<DigestSink>(*first_sink_, output_digest_.emplace());
    first_sink_ = digested_.get();
  }
  const Compression how = compression(options_, path);
  if (how != Compression::none) {
    const bool goes_on = checkpoint_ != nullptr && checkpoint_->from();
    first_sink_ = &compressed_.emplace(
        how, *first_sink_,
        goes_on ? CompressionInParts::Start::behind_a_cut : CompressionInParts::Start::fresh);
  }
}

/// The bytes as they stand in the file, counted and digested.
std::unique_ptr<ByteSource> CsvStreams::open_plain(const std::string& path) {
  auto source = open_counted(path, run_);
  if (!options_.digest) return source;
  InputDigest& digest = input_digests_.emplace_back(InputDigest{.path = path, .digest = {}});
  return std::make_unique<DigestSource>(std::move(source), digest.digest);
}

std::unique_ptr<ByteSource> CsvStreams::open(const std::string& path) {
  return decompressed(open_plain(path), path);
}

std::vector<csv::TableInput> CsvStreams::inputs(csv::TransformOptions& transform) {
  // Who asks for larger blocks gets them where nothing hangs on the grid.
  if (checkpoint_ == nullptr && !compressed_ && transform.block_size > transform.grid)
    transform.grid = 0;
  if (checkpoint_ != nullptr) checkpoint_->prepare(transform);
  grid_ = transform.grid;
  std::vector<std::uint64_t> sizes;
  std::vector<csv::TableInput> inputs;
  if (options_.shard > 0) {
    inputs = shard_inputs(transform, sizes);
  } else {
    for (const std::string& path : paths_) {
      inputs.push_back({.name = path,
                        .open = [this, path] { return open(path); },
                        .look =
                            [this, path] {
                              return decompressed(open_input(path, run_.io.stop.get_token()), path);
                            }});
    }
  }
  if (checkpoint_ != nullptr && checkpoint_->from()) go_on(inputs, sizes);
  return inputs;
}

std::vector<csv::ShardFile> CsvStreams::shard_files() {
  std::vector<csv::ShardFile> files;
  for (const std::string& path : paths_) {
    const auto source = path == standard_stream ? nullptr : open_input(path, {});
    std::array<char, 4> start{};
    const bool plain = source && source->size() &&
                       compression_of({start.data(), source->read(start)}) == Compression::none;
    if (!plain) {
      throw AppError(ErrorKind::usage, path + ": only plain regular files can be cut into shards",
                     source && source->size() ? "decompress it first" : "write it to a file first");
    }
    files.push_back({.name = path, .size = *source->size(), .open = [this, path] {
                       return open_input(path, run_.io.stop.get_token());
                     }});
  }
  return files;
}

std::vector<csv::TableInput> CsvStreams::shard_inputs(csv::TransformOptions& transform,
                                                      std::vector<std::uint64_t>& sizes) {
  const auto files = shard_files();
  const auto shard =
      csv::cut_shards(files, options_.dialect, options_.sniff,
                      {.first = options_.shard, .last = options_.shard, .count = options_.shards})
          .front();
  transform.dialect = shard.dialect;
  transform.sniff = false;
  transform.write_header = options_.shard == 1;
  transform.first_header = shard.first_header;
  transform.first_name = paths_.front();
  std::vector<csv::TableInput> inputs;
  for (const csv::ShardPiece& piece : shard.pieces) {
    sizes.push_back(piece.end - piece.begin);
    run_.totals.expected_bytes += sizes.back();
    const std::string path = paths_[piece.file];
    const auto look = [this, path, piece]() -> std::unique_ptr<ByteSource> {
      auto file = open_input(path, run_.io.stop.get_token());
      file->seek(piece.begin);
      return std::make_unique<LimitedSource>(std::move(file), piece.end - piece.begin);
    };
    const auto open_piece = [this, look]() -> std::unique_ptr<ByteSource> {
      return std::make_unique<CountingSource>(look(), run_.totals.bytes_in);
    };
    inputs.push_back(
        {.name = path,
         .open = open_piece,
         .look = look,
         .line = piece.line,
         .offset = piece.begin,
         .more_follows = piece.end == files[piece.file].size && piece.file + 1 < files.size(),
         .header = piece.header});
  }
  return inputs;
}

csv::TransformSinks CsvStreams::sinks() {
  csv::TransformSinks sinks;
  sinks.output = first_sink_;
  if (table_) sinks.rows = &table_->rows();
  if (compressed_) sinks.flush = [this] { compressed_->flush(); };
  if (compressed_ || checkpoint_ != nullptr)
    sinks.reached = [this](const csv::Position& position) { reached(position); };
  if (rejects_) sinks.rejects = &rejects_->sink();
  if (reasons_) sinks.reasons = &reasons_->sink();
  return sinks;
}

void CsvStreams::write_plan() {
  const auto files = shard_files();
  const auto shards = csv::cut_shards(files, options_.dialect, options_.sniff,
                                      {.first = 1, .last = options_.plan, .count = options_.plan});
  first_sink_->write(csv::shards_as_json(shards, files));
  finish();
}

void CsvStreams::finish() {
  if (compressed_) compressed_->cut();
  const std::string digested = options_.digest ? digests() : std::string();
  if (table_) table_->finish();
  if (checkpoint_ != nullptr) checkpoint_->start_placing(digested);
  for (Destination* output : {output_.get(), rejects_.get(), reasons_.get()}) {
    if (output == nullptr) continue;
    output->finish();
    if (checkpoint_ != nullptr) checkpoint_->passing_output();
  }
  if (checkpoint_ != nullptr && table_) table_->forget();
  if (checkpoint_ != nullptr) checkpoint_->finish();
  if (!digested.empty()) run_.report.add("digest", digested);
  if (!output_) return;
  run_.events.emit(OutputWritten{.path = output_->path(), .bytes = run_.totals.bytes_out});
  if (run_.common.dry_run) say_what_would_be_written();
}

std::string CsvStreams::digests() {
  std::string json = R"({"algorithm":"sha256","inputs":[)";
  for (InputDigest& input : input_digests_) {
    if (&input != &input_digests_.front()) json += ',';
    json += "{\"path\":" + json_quoted(input.path) + R"(,"sha256":")" + input.digest.hex() + "\"}";
  }
  json += ']';
  if (output_) {
    json += ",\"output\":{\"path\":" + json_quoted(output_->path()) + R"(,"sha256":")" +
            output_digest_->hex() + "\"}";
  }
  return json + '}';
}

void CsvStreams::say_what_would_be_written() {
  const RunTotals& totals = run_.totals;
  log::say("dry run: would write " + std::to_string(totals.items_ok) + " records, " +
           std::to_string(totals.bytes_out) + " bytes, to " + output_->path());
}

}  // namespace nodeops
