// SPDX-License-Identifier: MIT
#include "csv_fingerprint.hpp"

#include "load/table_target.hpp"

#include "stream/digest.hpp"

namespace nodeops {
namespace {

std::string text_of(csv::Newline newline) {
  switch (newline) {
    case csv::Newline::automatic:
      return "auto";
    case csv::Newline::lf:
      return "lf";
    case csv::Newline::cr:
      break;
  }
  return "cr";
}

std::string text_of(csv::OnError on_error) {
  switch (on_error) {
    case csv::OnError::stop:
      return "stop";
    case csv::OnError::skip:
      return "skip";
    case csv::OnError::keep:
      break;
  }
  return "keep";
}

std::string trace_of(const std::string& key) {
  if (key.empty()) return {};
  const auto code = HmacSha256(key).of("the key of a nodeops checkpoint");
  constexpr std::size_t enough = 8;
  Sha256 digest;
  digest.update({reinterpret_cast<const char*>(code.data()), enough});
  return digest.hex();
}

/// What --output names, without a password.
std::string text_of(const std::string& output) {
  if (!load::is_table(output)) return output;
  const auto target = load::parse_table_target(output);
  return target.shown + ", table " + (target.schema.empty() ? "" : target.schema + ".") +
         target.table;
}

std::string text_of(const std::optional<load::Mode>& mode) {
  return std::string(load::name_of(mode.value_or(load::Mode::create)));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> deciding_options(
    const CsvTransformOptions& options, const CommonOptions& common, const std::string& key) {
  const csv::Dialect& dialect = options.dialect;
  const auto yes_or_no = [](bool yes) { return std::string(yes ? "yes" : "no"); };
  std::vector<std::pair<std::string, std::string>> deciding = {
      {"--output", text_of(common.output)},
      {"--delimiter", std::string(1, dialect.delimiter)},
      {"--quote", dialect.quoting ? std::string(1, dialect.quote) : ""},
      {"--no-header", yes_or_no(!dialect.header)},
      {"--newline", text_of(dialect.newline)},
      {"--sniff", yes_or_no(options.sniff)},
      {"--to", options.form == csv::Form::ndjson ? "ndjson" : "csv"},
      {"--out-delimiter",
       options.output_delimiter == '\0' ? "" : std::string(1, options.output_delimiter)},
      {"--compress", options.compress},
      {"--on-error", text_of(options.on_error)},
      {"--rejects", options.rejects},
      {"--max-record", std::to_string(options.max_record)},
      {"--shard", std::to_string(options.shard) + "/" + std::to_string(options.shards)},
      {"--lookup-missing",
       options.lookup_missing == csv::LookupMissing::reject ? "reject" : "empty"},
      {"the key of --hash", trace_of(key)}};
  if (load::is_table(common.output)) {
    const TableOptions& table = options.table;
    deciding.insert(deciding.end(), {{"--mode", text_of(table.mode)},
                                     {"--key", table.key},
                                     {"--types", table.types},
                                     {"--infer-types", yes_or_no(table.infer_types)},
                                     {"--empty-as-null", yes_or_no(table.empty_as_null)}});
  }
  for (const StepText& step : options.steps) deciding.emplace_back(step.option, step.value);
  return deciding;
}

}  // namespace nodeops
