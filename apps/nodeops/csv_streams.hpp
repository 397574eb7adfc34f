// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "csv/shard.hpp"
#include "csv/transform.hpp"
#include "csv_checkpoint.hpp"
#include "csv_transform.hpp"
#include "destination.hpp"
#include "run_context.hpp"
#include "stream/compression.hpp"
#include "stream/counting.hpp"
#include "stream/digest.hpp"

namespace nodeops {

/// The inputs and outputs of one csv-transform run, and what is counted and digested on the way.
class CsvStreams {
 public:
  /// Checks all inputs and opens all outputs before any work starts. Throws AppError: usage when
  /// there is nothing to read, no_input, cannot_create.
  /// `checkpoint` may be null.
  CsvStreams(const CsvTransformOptions& options, RunContext& run, CsvCheckpoint* checkpoint);
  ~CsvStreams();
  CsvStreams(const CsvStreams&) = delete;
  CsvStreams& operator=(const CsvStreams&) = delete;

  /// The inputs, or the shard of them that is asked for; what belongs to a shard is written into
  /// `transform`.
  std::vector<csv::TableInput> inputs(csv::TransformOptions& transform);
  csv::TransformSinks sinks();

  /// Prints the shards for --plan.
  void write_plan();

  /// Ends all outputs well, and adds what there is to report.
  void finish();

 private:
  struct InputDigest {
    std::string path;
    Sha256 digest;
  };

  void check_inputs();
  std::unique_ptr<ByteSource> open_plain(const std::string& path);
  std::unique_ptr<ByteSource> open(const std::string& path);
  std::vector<csv::ShardFile> shard_files();
  /// `sizes`: bytes of each.
  std::vector<csv::TableInput> shard_inputs(csv::TransformOptions& transform,
                                            std::vector<std::uint64_t>& sizes);
  void open_outputs();
  void take_checkpoint();
  void reached(const csv::Position& position);
  void go_on(const std::vector<csv::TableInput>& inputs, const std::vector<std::uint64_t>& sizes);
  std::string digests();
  void say_what_would_be_written();

  const CsvTransformOptions& options_;
  RunContext& run_;
  CsvCheckpoint* checkpoint_;
  std::vector<std::string> paths_;
  std::deque<InputDigest> input_digests_;

  std::unique_ptr<Destination> output_;
  std::unique_ptr<CountingSink> counted_;
  std::optional<Sha256> output_digest_;  ///< made when asked for: OpenSSL takes its time to start
  std::unique_ptr<DigestSink> digested_;
  std::optional<CompressionInParts> compressed_;
  std::uint64_t grid_ = 0;    ///< a compressed output is cut about every so many bytes of input
  std::uint64_t cut_at_ = 0;  ///< (decompressed) bytes of input before the last cut
  ByteSink* first_sink_ = nullptr;  ///< where the rows enter
  std::unique_ptr<Destination> rejects_;
  std::unique_ptr<Destination> reasons_;
};

}  // namespace nodeops
