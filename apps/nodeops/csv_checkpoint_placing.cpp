// SPDX-License-Identifier: MIT
// How CsvCheckpoint ends what an earlier run was at when it died: putting its outputs in place.
#include <algorithm>
#include <filesystem>
#include <utility>

#include "core/error.hpp"
#include "csv_checkpoint.hpp"
#include "observe/json_object.hpp"
#include "stream/digest.hpp"
#include "stream/open_input.hpp"

namespace nodeops {

using csv::Checkpoint;

/// An output whose partial file is no more must be in its place.
void CsvCheckpoint::check_placed(const Checkpoint::Output& was, const std::string& path) const {
  const auto source = open_input(path, {});
  const std::uint64_t tail = std::min<std::uint64_t>(was.bytes, Checkpoint::tail_size);
  bool same = source->size() == was.bytes;
  if (same) {
    source->seek(was.bytes - tail);
    std::string bytes(static_cast<std::size_t>(tail), '\0');
    std::size_t got = 0;
    while (got < bytes.size()) {
      const auto count = source->read({bytes.data() + got, bytes.size() - got});
      if (count == 0) break;
      got += count;
    }
    Sha256 digest;
    digest.update(bytes);
    same = digest.hex() == was.tail;
  }
  if (!same) throw refused(path + " is not what the run has written");
}

/// Takes over what an earlier run has done as this one's.
void CsvCheckpoint::take_counts() const {
  RunTotals& totals = run_.totals;
  totals.bytes_in = then_->bytes_read;
  totals.bytes_out = then_->load ? then_->load->bytes : then_->outputs.front().bytes;
  totals.items_in = then_->position.records;
  totals.items_ok = then_->position.written;
  totals.items_failed = then_->position.refused;
  totals.items_skipped = then_->position.filtered;
  report_start({});
}

bool CsvCheckpoint::place_outputs(const std::function<void()>& before_end) {
  if (!then_ || then_->stage != Checkpoint::Stage::placing) return false;
  const std::string& rejects = options_.rejects;
  std::vector<Output> outputs;
  if (!then_->load)
    outputs.push_back({.option = "--output", .path = run_.common.output, .file = nullptr});
  if (!rejects.empty()) {
    outputs.push_back({.option = "--rejects", .path = rejects, .file = nullptr});
    outputs.push_back({.option = "--rejects", .path = rejects + ".why.ndjson", .file = nullptr});
  }
  if (outputs.size() != then_->outputs.size()) throw refused("it speaks of other outputs");
  for (std::size_t i = 0; i < outputs.size(); ++i) place(then_->outputs[i], outputs[i]);
  take_counts();
  if (!then_->digests.empty()) run_.report.add("digest", then_->digests);
  before_end();
  finish();
  return true;
}

void CsvCheckpoint::place(const Checkpoint::Output& was, Output output) {
  if (!std::filesystem::exists(OutputFile::partial_name(output.path)))
    return check_placed(was, output.path);
  OutputFile file(output.path, run_.io.stop.get_token(), OutputFile::Temporary::kept);
  file.keep();
  output.file = &file;
  go_on_behind(was, output);
  file.finish();
  passing_output();
}

void CsvCheckpoint::report_start(const std::string& input) const {
  const csv::Position& from = then_->position;
  run_.report.add("resumed", JsonObject()
                                 .add("input", input)
                                 .add("offset", from.offset)
                                 .add("line", from.line)
                                 .add("records", from.records)
                                 .text());
}

}  // namespace nodeops
