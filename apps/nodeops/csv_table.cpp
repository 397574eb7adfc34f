// SPDX-License-Identifier: MIT
#include "csv_table.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "observe/json_object.hpp"
#include "observe/log.hpp"
#include "stream/kill_point.hpp"

namespace nodeops {
namespace {

using load::Mode;

constexpr auto fault_variable = "NODEOPS_TEST_LOAD_FAULT";

/// The first option that only a table has.
std::string table_option(const CsvTransformOptions& options) {
  const TableOptions& table = options.table;
  if (table.mode) return "--mode";
  if (!table.key.empty()) return "--key";
  if (!table.types.empty()) return "--types";
  if (table.infer_types) return "--infer-types";
  if (table.empty_as_null) return "--empty-as-null";
  if (table.batch) return "--batch";
  return table.retry_for ? "--retry-for" : "";
}

/// Items separated by commas; a backslash makes a comma a plain one.
std::vector<std::string> split_types(const std::string& text) {
  std::vector<std::string> items(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == ',' || text[at + 1] == '\\')) {
      items.back() += text[++at];
    } else if (text[at] == ',') {
      items.emplace_back();
    } else {
      items.back() += text[at];
    }
  }
  return items;
}

std::vector<std::pair<csv::ColumnSet, csv::ColumnType>> parse_types(const std::string& text) {
  std::vector<std::pair<csv::ColumnSet, csv::ColumnType>> types;
  if (text.empty()) return types;
  for (const std::string& item : split_types(text)) {
    const auto equals = item.rfind('=');
    const auto type = equals == std::string::npos ? std::nullopt
                                                  : csv::column_type_named(item.substr(equals + 1));
    if (!type || equals == 0) {
      throw AppError(ErrorKind::usage,
                     "--types: '" + item +
                         "' is not allowed; allowed: COL=TYPE with text, integer, "
                         "real, numeric, boolean, date, timestamp or timestamptz");
    }
    types.emplace_back(csv::ColumnSet::one(item.substr(0, equals)), *type);
  }
  return types;
}

[[noreturn]] void refuse(const std::string& option, const std::string& why) {
  throw AppError(ErrorKind::usage, option + ": " + why);
}

}  // namespace

void check_table_options(const CsvTransformOptions& options, const std::string& output) {
  const TableOptions& table = options.table;
  if (!load::is_table(output)) {
    const std::string given = table_option(options);
    if (!given.empty())
      throw AppError(ErrorKind::usage, given + ": goes with a database's table as --output",
                     "such as sqlite:FILE?table=NAME or postgresql://HOST/DATABASE?table=NAME");
    return;
  }
  load::parse_table_target(output);
  parse_types(table.types);
  const Mode mode = table.mode.value_or(Mode::create);
  if (mode == Mode::upsert && table.key.empty())
    throw AppError(ErrorKind::usage, "--mode upsert: the key is missing",
                   "give it with --key COLS");
  if (mode != Mode::upsert && !table.key.empty()) refuse("--key", "goes with --mode upsert");
  if (!table.key.empty()) csv::parse_columns(table.key);
  if (table.infer_types && mode != Mode::create && mode != Mode::replace)
    refuse("--infer-types", "goes with --mode create or replace; a table has its types");
  if (options.on_error == csv::OnError::keep)
    refuse("--on-error keep", "a table has no place for a malformed record; use skip");
  if (options.form != csv::Form::csv || options.output_delimiter != '\0')
    refuse("--to and --out-delimiter", "a table has no form of its own");
  if (options.compress != "auto" && options.compress != "none")
    refuse("--compress", "a table is not compressed");
  if (options.plan > 0) refuse("--plan", "prints a plan; it goes with no table");
  if (options.shard > 0 && mode == Mode::replace)
    refuse("--shard", "each part would replace the others; use --mode append");
}

csv::RowRequest row_request(const CsvTransformOptions& options, const std::string& output) {
  csv::RowRequest request;
  request.form.encoding = load::encoding_of(load::parse_table_target(output));
  request.form.empty_as_null = options.table.empty_as_null;
  request.form.keep_originals = !options.rejects.empty();
  request.types = parse_types(options.table.types);
  request.infer_types = options.table.infer_types;
  return request;
}

CsvTable::CsvTable(const CsvTransformOptions& options, RunContext& run, ByteSink* rejects,
                   ByteSink* reasons, const std::string& run_name)
    : run_(run) {
  const TableOptions& table = options.table;
  options_ = {.target = load::parse_table_target(run.common.output),
              .mode = table.mode.value_or(Mode::create),
              .dry_run = run.common.dry_run,
              .run = run_name,
              .stop = run.io.stop.get_token()};
  if (!table.key.empty()) options_.keys = csv::parse_columns(table.key);
  if (table.retry_for)
    options_.retry_for = std::chrono::ceil<std::chrono::milliseconds>(*table.retry_for);
  const auto fault = run.io.environment.find(fault_variable);
  if (fault != run.io.environment.end()) {
    options_.points = [point = std::make_shared<KillPoint>(fault->second)](std::string_view name) {
      point->pass(name);
    };
  }
  // The listener outlives this.
  run.events.subscribe([retries = retries_](const Event& event) {
    if (std::holds_alternative<Retry>(event)) ++*retries;
  });
  loader_ = load::open_table(options_, run.events);
  load::TableWriter::Options writing{.on_error = options.on_error,
                                     .max_errors = options.max_errors,
                                     .infer_types = table.infer_types};
  if (table.batch) writing.batch_rows = *table.batch;
  if (run.common.memory_limit) {
    constexpr std::uint64_t share = 8;
    writing.batch_bytes = static_cast<std::size_t>(
        std::min<std::uint64_t>(writing.batch_bytes, *run.common.memory_limit / share));
  }
  writer_ = std::make_unique<load::TableWriter>(
      writing, options_, *loader_,
      load::TableWriter::Rejects{.records = rejects, .reasons = reasons}, run.totals, run.events);
}

CsvTable::~CsvTable() {
  if (finished_ || options_.dry_run) return;
  add_to_report();
  if (writer_->figures().rows == 0) return;
  if (options_.mode == Mode::replace) {
    log::warn(name() + ": nothing was replaced");
  } else {
    log::warn(name() + ": " + std::to_string(writer_->figures().rows) +
              " records were committed before, and stay");
  }
}

std::string CsvTable::name() const {
  return options_.target.shown + ", table '" + options_.target.table + "'";
}

void CsvTable::go_on(load::LoadJournal& journal, const std::optional<load::LoadPosition>& from) {
  all_loaded_ = from && from->done;
  run_.totals.bytes_out = from ? from->bytes : 0;
  if (!all_loaded_) writer_->keep(journal, from);
}

void CsvTable::finish() {
  if (!all_loaded_) writer_->finish();
  finished_ = true;
  add_to_report();
  if (options_.dry_run) {
    log::say("dry run: would load " + std::to_string(run_.totals.items_ok) + " records into " +
             name());
    return;
  }
  run_.events.emit(OutputWritten{.path = name(), .bytes = run_.totals.bytes_out});
}

void CsvTable::forget() {
  loader_->forget(options_.run);
  finished_ = true;
}

void CsvTable::add_to_report() {
  const load::LoadFigures& figures = writer_->figures();
  run_.report.add(
      "database",
      "{\"address\":" + json_quoted(options_.target.shown) + ",\"schema\":" +
          (options_.target.schema.empty() ? "null" : json_quoted(options_.target.schema)) +
          ",\"table\":" + json_quoted(options_.target.table) + R"(,"mode":")" +
          std::string(load::name_of(options_.mode)) + "\",\"rows\":" +
          std::to_string(figures.rows) + ",\"batches\":" + std::to_string(figures.batches) +
          ",\"refused\":" + std::to_string(figures.refused) +
          ",\"retries\":" + std::to_string(*retries_) + "}");
}

}  // namespace nodeops
