// SPDX-License-Identifier: MIT
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "csv/steps.hpp"
#include "csv/transform.hpp"
#include "load/table_loader.hpp"
#include "load/table_writer.hpp"
#include "store/postgres.hpp"
#include "store/sqlite.hpp"
#include "support/postgres_server.hpp"
#include "support/temporary_directory.hpp"

namespace nodeops::test {

/// What one load is asked for.
struct LoadRequest {
  std::string output;
  load::Mode mode = load::Mode::create;
  std::string key = {};
  std::vector<std::pair<std::string, csv::ColumnType>> types = {};
  bool infer_types = false;
  bool empty_as_null = false;
  bool header = true;
  csv::OnError on_error = csv::OnError::skip;
  std::optional<std::uint64_t> max_errors = {};
  std::size_t batch = 10000;
  std::size_t block_size = 1 << 20;
  unsigned workers = 2;
  bool dry_run = false;
  std::chrono::milliseconds retry_for{10000};
  std::chrono::milliseconds answer_wait{60000};
  std::function<void(std::string_view)> points = [](std::string_view) {};
};

/// What became of it.
struct Loaded {
  std::optional<AppError> error;
  std::string rejects;
  std::string reasons;
  std::uint64_t records = 0;
  std::uint64_t written = 0;
  std::uint64_t refused = 0;
  load::LoadFigures figures;
};

/// Loads a text as one input named "-".
inline Loaded load_text(const LoadRequest& request, std::string_view text) {
  MemorySink rejects;
  MemorySink reasons;
  RunTotals totals;
  RunEvents events;
  std::stop_source stop;
  Loaded loaded;
  const auto run = [&] {
    load::LoadOptions options{.target = load::parse_table_target(request.output),
                              .mode = request.mode,
                              .retry_for = request.retry_for,
                              .answer_wait = request.answer_wait,
                              .dry_run = request.dry_run,
                              .points = request.points};
    if (!request.key.empty()) options.keys = csv::parse_columns(request.key);
    const auto loader = load::open_table(options, events);
    load::TableWriter writer({.batch_rows = request.batch,
                              .on_error = request.on_error,
                              .max_errors = request.max_errors},
                             options, *loader, {.records = &rejects, .reasons = &reasons}, totals,
                             events);
    csv::TransformOptions transform;
    transform.form = csv::Form::rows;
    transform.on_error = request.on_error;
    transform.block_size = request.block_size;
    transform.workers = request.workers;
    transform.dialect.header = request.header;
    transform.rows = {.form = {.encoding = load::encoding_of(options.target),
                               .empty_as_null = request.empty_as_null,
                               .keep_originals = true},
                      .infer_types = request.infer_types};
    for (const auto& [column, type] : request.types)
      transform.rows.types.emplace_back(csv::ColumnSet::one(column), type);
    csv::TransformSinks sinks;
    sinks.rows = &writer;
    std::vector<csv::TableInput> inputs;
    inputs.push_back({.name = "-", .open = [=] { return std::make_unique<MemorySource>(text); }});
    try {
      csv::transform(transform, std::move(inputs), sinks, totals, events, stop);
      writer.finish();
    } catch (const AppError& error) {
      loaded.error = error;
    }
    loaded.figures = writer.figures();
  };
  try {
    run();
  } catch (const AppError& error) {
    loaded.error = error;
  }
  loaded.rejects = rejects.text();
  loaded.reasons = reasons.text();
  loaded.records = totals.items_in;
  loaded.written = totals.items_ok;
  loaded.refused = totals.items_failed;
  return loaded;
}

/// A database that a test loads into, and looks at by its own connection.
struct Place {
  std::string kind;
  std::string address;  ///< without the table

  /// The --output for a table.
  std::string table(const std::string& name) const {
    return address + (kind == "sqlite" ? "?table=" : "&table=") + name;
  }

  void run(const std::string& statements) const {
    if (kind == "sqlite")
      store::Sqlite(address.substr(7), std::chrono::seconds(10), {}, store::SqliteFile::of_the_user)
          .run(statements);
    else
      store::Postgres(address, {}).run(statements);
  }

  /// The answer as text: values joined by |, rows by newlines, NULL as ~.
  std::string ask(const std::string& query, int columns) const {
    std::string text;
    if (kind == "sqlite") {
      store::Sqlite file(address.substr(7), std::chrono::seconds(10), {},
                         store::SqliteFile::of_the_user);
      auto statement = file.prepare(query);
      while (statement.step()) {
        if (!text.empty()) text += '\n';
        for (int i = 0; i < columns; ++i)
          text +=
              (i > 0 ? "|" : "") + (statement.is_null(i) ? "~" : std::string(statement.text(i)));
      }
      return text;
    }
    for (const auto& row : store::Postgres(address, {}).run(query).rows) {
      if (!text.empty()) text += '\n';
      for (std::size_t i = 0; i < row.size(); ++i)
        text += (i > 0 ? "|" : "") + row[i].value_or("~");
    }
    return text;
  }
};

/// Each kind of database that can be had here; a fresh one.
inline std::vector<Place> load_places(const TemporaryDirectory& directory, int postgres_port = 0) {
  std::vector<Place> places = {{"sqlite", "sqlite:" + directory / "t.db"}};
  if (auto* const server = PostgresServer::shared())
    places.push_back({"postgresql", server->fresh_place(postgres_port)});
  return places;
}

/// "id,name\n1,n1\n2,n2\n" and so on, `from` and `to` included.
inline std::string numbered(int from, int to) {
  std::string text = "id,name\n";
  for (int i = from; i <= to; ++i) text += std::to_string(i) + ",n" + std::to_string(i) + "\n";
  return text;
}

}  // namespace nodeops::test
