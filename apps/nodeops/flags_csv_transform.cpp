// SPDX-License-Identifier: MIT
#include <array>
#include <map>

#include "core/units.hpp"
#include "flags.hpp"

namespace nodeops {
namespace {

/// The transforms: they are repeated at will and run in the order of the command line.
struct StepFlag {
  const char* name;
  const char* placeholder;
  const char* description;
};

constexpr std::array step_flags = {
    StepFlag{"--capitalize", "COLS", "title case by Unicode word"},
    StepFlag{"--upper", "COLS", "upper case"},
    StepFlag{"--lower", "COLS", "lower case"},
    StepFlag{"--trim", "COLS", "no white space around"},
    StepFlag{"--squeeze", "COLS", "one space for each run of white space"},
    StepFlag{"--replace", "COL=/RE/TEXT/[gi]", "replaces what matches (RE2 syntax)"},
    StepFlag{"--mask", "COLS", "partial masking of personal data"},
    StepFlag{"--hash", "COLS", "keyed HMAC-SHA-256, see --hash-key-file"},
    StepFlag{"--date", "COL=FROM:TO", "another form of a date (strptime, strftime)"},
    StepFlag{"--number", "COL[=LOCALE]", "1.234,56 or 1,234.56 becomes 1234.56"},
    StepFlag{"--default", "COL=VALUE", "fills empty fields"},
    StepFlag{"--where", "'COL OP VALUE'",
             "keeps the records for which it holds; OP: == != < <= > >= ~ contains startswith"},
    StepFlag{"--where-lua", "EXPR", "keeps the records for which a Lua expression holds"},
    StepFlag{"--set", "COL=EXPR", "a column from a Lua expression: total=row.price * row.qty"},
    StepFlag{"--lookup", "FILE:KEY[:COLS]",
             "adds columns of a table, by a key; KEY: COL or COL=COLUMN"},
    StepFlag{"--plugin", "FILE.so[:OPTIONS]", "a transform of your own, see nodeops/plugin.h"},
    StepFlag{"--select", "COLS", "only these columns, in this order"},
    StepFlag{"--drop", "COLS", "without these columns"},
    StepFlag{"--rename", "A=B", "another name for a column"},
    StepFlag{"--reorder", "COLS", "these columns first"},
};

/// "tab", "\t" or one byte.
bool parse_byte(const std::string& text, char& byte) {
  if (text == "tab" || text == "\\t") {
    byte = '\t';
    return true;
  }
  if (text.size() != 1 || text[0] == '\n' || text[0] == '\r') return false;
  byte = text[0];
  return true;
}

bool parse_bounded_size(const std::string& text, std::uint64_t least, std::uint64_t most,
                        std::size_t& size) {
  const auto parsed = parse_size(text);
  if (!parsed || *parsed < least || *parsed > most) return false;
  size = static_cast<std::size_t>(*parsed);
  return true;
}

/// "K/N" with 1 <= K <= N.
bool parse_shard(std::string_view text, CsvTransformOptions& options) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  return parse_number(text.substr(0, slash), options.shard) &&
         parse_number(text.substr(slash + 1), options.shards) && options.shard >= 1 &&
         options.shard <= options.shards;
}

void add_dialect_flags(CLI::App& app, CsvTransformOptions& options) {
  const auto* const group = "Input";
  add_parsed(app, "-d,--delimiter", "C", "field separator; tab or \\t for a tab (default: ,)",
             "one byte, tab, \\t",
             [&](const std::string& text) { return parse_byte(text, options.dialect.delimiter); })
      ->group(group);
  add_parsed(app, "--quote", "C", "quote character; '' = none (default: \")",
             "one byte, or nothing",
             [&](const std::string& text) {
               options.dialect.quoting = !text.empty();
               return text.empty() || parse_byte(text, options.dialect.quote);
             })
      ->group(group);
  app.add_flag_callback(
         "--no-quote", [&] { options.dialect.quoting = false; }, "quotes have no meaning")
      ->group(group);
  app.add_flag_callback(
         "--no-header", [&] { options.dialect.header = false; }, "the first record is data")
      ->group(group);
  add_parsed(app, "--newline", "auto|lf|cr", "what ends a record (default: auto)", "auto, lf, cr",
             [&](const std::string& text) {
               const std::map<std::string, csv::Newline> names = {{"auto", csv::Newline::automatic},
                                                                  {"lf", csv::Newline::lf},
                                                                  {"cr", csv::Newline::cr}};
               const auto found = names.find(text);
               if (found != names.end()) options.dialect.newline = found->second;
               return found != names.end();
             })
      ->group(group);
  app.add_flag("--sniff", options.sniff, "detects delimiter and quote")->group(group);
}

void add_output_flags(CLI::App& app, CsvTransformOptions& options) {
  const auto* const group = "Output";
  add_parsed(app, "--to", "csv|tsv|ndjson", "form of the output (default: as the input)",
             "csv, tsv, ndjson",
             [&](const std::string& text) {
               options.form = text == "ndjson" ? csv::Form::ndjson : csv::Form::csv;
               options.output_delimiter = text == "tsv" ? '\t' : ',';
               return text == "csv" || text == "tsv" || text == "ndjson";
             })
      ->group(group);
  add_parsed(app, "--out-delimiter", "C", "field separator of the output (default: the input's)",
             "one byte, tab, \\t",
             [&](const std::string& text) { return parse_byte(text, options.output_delimiter); })
      ->group(group);
  add_parsed(app, "--compress", "HOW", "auto (by suffix), none, gzip, zstd (default: auto)",
             "auto, none, gzip, zstd",
             [&](const std::string& text) {
               options.compress = text;
               return text == "auto" || text == "none" || text == "gzip" || text == "zstd";
             })
      ->group(group);
  add_parsed(app, "--digest", "sha256", "digests of input and output in the report", "sha256",
             [&](const std::string& text) { return options.digest = text == "sha256"; })
      ->group(group);
}

void add_error_flags(CLI::App& app, CsvTransformOptions& options) {
  const auto* const group = "Malformed records";
  add_parsed(app, "--on-error", "POLICY", "stop, skip or keep malformed records (default: stop)",
             "stop, skip, keep",
             [&](const std::string& text) {
               const std::map<std::string, csv::OnError> names = {{"stop", csv::OnError::stop},
                                                                  {"skip", csv::OnError::skip},
                                                                  {"keep", csv::OnError::keep}};
               const auto found = names.find(text);
               if (found != names.end()) options.on_error = found->second;
               return found != names.end();
             })
      ->group(group);
  add_file(app, "--rejects", "FILE", "keeps rejected records here, the reasons in FILE.why.ndjson",
           options.rejects)
      ->group(group);
  add_parsed(
      app, "--max-errors", "N", "with skip and keep: stops behind more than N",
      "a number, 0 or more",
      [&](const std::string& text) { return parse_number(text, options.max_errors.emplace()); })
      ->group(group);
  add_parsed(app, "--max-record", "SIZE", "longest record accepted (default: 8M)", "1 to 1G",
             [&](const std::string& text) {
               return parse_bounded_size(text, 1, 1 << 30, options.max_record);
             })
      ->group(group);
}

void add_flow_flags(CLI::App& app, CsvTransformOptions& options) {
  const auto* const group = "Flow";
  add_parsed(app, "--buffer", "SIZE", "block size (default: 1M)", "64 to 256M",
             [&](const std::string& text) {
               return parse_bounded_size(text, 64, 256 << 20, options.buffer.emplace());
             })
      ->group(group);
  add_parsed(app, "--rate", "N/s", "at most so many records a second",
             "a rate such as 1000/s or 30/m",
             [&](const std::string& text) {
               const auto rate = parse_rate(text);
               options.records_per_second = rate.value_or(0);
               return rate.has_value();
             })
      ->group(group);
  add_file(app, "--checkpoint", "FILE", "keeps here how far the run is, for --resume",
           options.checkpoint)
      ->group(group);
  app.add_flag("--resume", options.resume, "goes on where the run of --checkpoint was")
      ->group(group);
  add_parsed(app, "--shard", "K/N", "only the K-th of N parts of the input",
             "K/N with K from 1 to N",
             [&](const std::string& text) { return parse_shard(text, options); })
      ->group(group);
  add_parsed(app, "--plan", "N", "prints the N parts as JSON and ends", "1 to 1000000",
             [&](const std::string& text) {
               return parse_number(text, options.plan) && options.plan >= 1 &&
                      options.plan <= 1'000'000;
             })
      ->group(group);
}

bool parse_mode(const std::string& text, std::optional<load::Mode>& mode) {
  const std::map<std::string, load::Mode> names = {{"create", load::Mode::create},
                                                   {"append", load::Mode::append},
                                                   {"replace", load::Mode::replace},
                                                   {"upsert", load::Mode::upsert}};
  const auto found = names.find(text);
  if (found == names.end()) return false;
  mode = found->second;
  return true;
}

void add_table_flags(CLI::App& app, TableOptions& table) {
  const auto* const group = "Output to a database's table";
  add_parsed(app, "--mode", "MODE", "create, append, replace or upsert (default: create)",
             "create, append, replace, upsert",
             [&](const std::string& text) { return parse_mode(text, table.mode); })
      ->group(group);
  add_file(app, "--key", "COLS", "with upsert: the columns that tell rows apart", table.key)
      ->group(group);
  add_file(app, "--types", "COL=TYPE,...",
           "types of columns: text, integer, real, numeric, boolean, date, timestamp, timestamptz",
           table.types)
      ->group(group);
  app.add_flag("--infer-types", table.infer_types, "types of the other columns by the first block")
      ->group(group);
  app.add_flag("--empty-as-null", table.empty_as_null, "empty fields become NULL")->group(group);
  add_parsed(app, "--batch", "N", "records per transaction (default: 10000)", "1 to 10000000",
             [&](const std::string& text) {
               constexpr std::size_t most = 10'000'000;
               std::size_t& batch = table.batch.emplace();
               return parse_number(text, batch) && batch >= 1 && batch <= most;
             })
      ->group(group);
  add_parsed(app, "--retry-for", "DURATION", "how long a database may be away (default: 30s)",
             "0, or a duration such as 30s or 5m",
             [&](const std::string& text) {
               table.retry_for = parse_duration(text);
               return table.retry_for.has_value();
             })
      ->group(group);
}

}  // namespace

void add_csv_transform_flags(CLI::App& app, Invocation& invocation) {
  auto& options = invocation.options.emplace<CsvTransformOptions>();
  app.add_option("INPUT", options.inputs,
                 "CSV files, plain, gzip or zstd; - or none: standard input")
      ->type_name("");
  for (const StepFlag& flag : step_flags) {
    app.add_option(flag.name, flag.description)
        ->type_name(flag.placeholder)
        ->type_size(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->group("Transforms, in the order given");
  }
  add_file(app, "--hash-key-file", "FILE", "the key of --hash", options.hash_key_file)
      ->group("Transforms, in the order given");
  add_parsed(app, "--lookup-missing", "empty|reject",
             "keys that are not in the table (default: empty)", "empty, reject",
             [&](const std::string& text) {
               const bool reject = text == "reject";
               options.lookup_missing =
                   reject ? csv::LookupMissing::reject : csv::LookupMissing::empty;
               return reject || text == "empty";
             })
      ->group("Transforms, in the order given");
  add_dialect_flags(app, options);
  add_output_flags(app, options);
  add_error_flags(app, options);
  add_table_flags(app, options.table);
  add_flow_flags(app, options);
}

void take_csv_transform_steps(const CLI::App& app, Invocation& invocation) {
  auto& options = std::get<CsvTransformOptions>(invocation.options);
  std::map<const CLI::Option*, std::size_t> taken;
  for (const CLI::Option* const option : app.parse_order()) {
    const bool is_step =
        std::any_of(step_flags.begin(), step_flags.end(),
                    [&](const StepFlag& flag) { return option->get_name() == flag.name; });
    if (is_step)
      options.steps.push_back({option->get_name(), option->results().at(taken[option]++)});
  }
}

}  // namespace nodeops
