// SPDX-License-Identifier: MIT
#include "load/table_loader.hpp"

#include <array>
#include <random>

#include "core/seeded_random.hpp"
#include "load/postgres_loader.hpp"
#include "load/sqlite_loader.hpp"

namespace nodeops::load {
namespace {

std::string hexadecimal(std::uint64_t number, int digits) {
  std::string text;
  for (int digit = digits - 1; digit >= 0; --digit)
    text += "0123456789abcdef"[number >> static_cast<unsigned>(4 * digit) & 0xFU];
  return text;
}

}  // namespace

std::string_view name_of(Mode mode) {
  switch (mode) {
    case Mode::create:
      return "create";
    case Mode::append:
      return "append";
    case Mode::replace:
      return "replace";
    case Mode::upsert:
      return "upsert";
  }
  return {};
}

csv::RowEncoding encoding_of(const TableTarget& target) {
  return target.kind == TableTarget::Kind::postgresql ? csv::RowEncoding::copy_text
                                                      : csv::RowEncoding::values;
}

std::unique_ptr<TableLoader> open_table(const LoadOptions& options, RunEvents& events) {
  if (options.target.kind == TableTarget::Kind::postgresql)
    return std::make_unique<PostgresLoader>(options, events);
  return std::make_unique<SqliteLoader>(options, events);
}

std::string new_table_prefix(const TableTarget& target) {
  constexpr int digits = 16;
  return "nodeops_new_" + hexadecimal(mixed(target.table), digits) + "_";
}

std::string new_table_name(const LoadOptions& options) {
  return new_table_prefix(options.target) + (options.run.empty() ? new_run() : options.run);
}

std::string new_run() {
  constexpr int digits = 8;
  std::random_device chance;
  return hexadecimal(chance(), digits) + hexadecimal(chance(), digits);
}

AppError table_is_gone(const LoadOptions& options) {
  return {ErrorKind::bad_data,
          options.target.shown + ": the table '" + options.target.table +
              "' that the run has loaded is gone",
          "without --resume the work starts anew"};
}

}  // namespace nodeops::load
