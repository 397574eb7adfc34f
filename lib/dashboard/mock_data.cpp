// SPDX-License-Identifier: MIT
#include "dashboard/mock_data.hpp"

#include <algorithm>
#include <array>
#include <limits>

// The reader's header needs <limits> in front.
#include <libfccp/csv.h>

#include "core/error.hpp"
#include "core/seeded_random.hpp"
#include "dashboard/mock_tables.hpp"
#include "observe/json_object.hpp"
#include "stream/small_file.hpp"

namespace nodeops::dashboard {
namespace {

template <unsigned columns>
using Reader = io::CSVReader<columns, io::trim_chars<' ', '\t'>, io::double_quote_escape<',', '"'>>;

/// Reads a table and calls `take` with each row. Throws AppError bad_data that names the line.
template <unsigned columns, class Take, class... Names>
void read_table(const std::string& name, std::string_view text, Take take, Names... names) {
  // The reader takes a NUL for the end of its line.
  const auto nul = text.find('\0');
  if (nul != std::string_view::npos) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<long>(nul), '\n');
    throw AppError(ErrorKind::bad_data, name + ":" + std::to_string(line) + ": a NUL byte");
  }
  Reader<columns> reader(name, text.data(), text.data() + text.size());
  try {
    reader.read_header(io::ignore_no_column, names...);
    std::array<std::string, columns> row;
    const auto next = [&]<std::size_t... i>(std::index_sequence<i...>) {
      return reader.read_row(row[i]...);
    };
    while (next(std::make_index_sequence<columns>{})) take(row);
  } catch (const io::error::base&) {
    throw AppError(ErrorKind::bad_data,
                   name + ":" + std::to_string(std::max(reader.get_file_line(), 1U)) +
                       ": is no row of this table",
                   "its columns are fixed, see nodeops-dashboard(1)");
  }
}

/// The amount as a number if it is one.
std::string number_or_text(const std::string& text) {
  return !text.empty() && is_json(text) &&
                 text.find_first_not_of("0123456789.-") == std::string::npos
             ? text
             : json_quoted(text);
}

MockRows read_profiles(const std::string& name, std::string_view text) {
  MockRows found;
  read_table<6>(
      name, text,
      [&](const std::array<std::string, 6>& row) {
        found.add(",\"name\":" + json_quoted(row[0]) + ",\"email\":" + json_quoted(row[1]) +
                  ",\"city\":" + json_quoted(row[2]) + ",\"country\":" + json_quoted(row[3]) +
                  ",\"plan\":" + json_quoted(row[4]) + ",\"since\":" + json_quoted(row[5]) + "}");
      },
      "name", "email", "city", "country", "plan", "since");
  return found;
}

MockRows read_orders(const std::string& name, std::string_view text) {
  MockRows found;
  read_table<5>(
      name, text,
      [&](const std::array<std::string, 5>& row) {
        found.add(JsonObject()
                      .add("item", row[0])
                      .add_json("amount", number_or_text(row[1]))
                      .add("currency", row[2])
                      .add("status", row[3])
                      .add("ordered_on", row[4])
                      .text());
      },
      "item", "amount", "currency", "status", "ordered_on");
  return found;
}

MockRows read_notifications(const std::string& name, std::string_view text) {
  MockRows found;
  read_table<3>(
      name, text,
      [&](const std::array<std::string, 3>& row) {
        found.add(JsonObject()
                      .add("kind", row[0])
                      .add("text", row[1])
                      .add("read", row[2] == "true")
                      .text());
      },
      "kind", "text", "read");
  return found;
}

/// Some rows of a table, at most so many, as a JSON array.
std::string some_of(const MockRows& rows, std::uint64_t most, SeededRandom random) {
  const std::uint64_t count = rows.all.empty() ? 0 : random.next() % (most + 1);
  std::string text;
  text.reserve(2 + count * (rows.longest + 1));  // grown once, not with each row
  text += '[';
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i > 0) text += ',';
    text += rows.all[random.next() % rows.all.size()];
  }
  text += ']';
  return text;
}

}  // namespace

MockData::MockData()
    : profiles_(read_profiles("profile.csv", bundled_profiles)),
      orders_(read_orders("orders.csv", bundled_orders)),
      notifications_(read_notifications("notifications.csv", bundled_notifications)) {}

MockData::MockData(const std::string& directory) {
  const auto path = [&](const char* name) { return directory + "/" + name; };
  const auto profile = path("profile.csv");
  const auto orders = path("orders.csv");
  const auto notifications = path("notifications.csv");
  profiles_ = read_profiles(profile, read_small_file(profile, "the table"));
  orders_ = read_orders(orders, read_small_file(orders, "the table"));
  notifications_ = read_notifications(notifications, read_small_file(notifications, "the table"));
}

std::string MockData::answer(std::string_view source, const std::string& user,
                             std::uint64_t seed) const {
  SeededRandom random(mixed(user, mixed(source, seed)));
  if (source == "profile" && !profiles_.all.empty()) {
    const std::string& profile = profiles_.all[random.next() % profiles_.all.size()];
    const std::string id = json_quoted(user);
    std::string text;
    text.reserve(6 + id.size() + profile.size());
    return text.append("{\"id\":").append(id).append(profile);
  }
  constexpr std::uint64_t most_orders = 4;
  constexpr std::uint64_t most_notifications = 5;
  if (source == "orders") return some_of(orders_, most_orders, random);
  if (source == "notifications") return some_of(notifications_, most_notifications, random);
  return JsonObject().add("user", user).add("source", source).text();
}

}  // namespace nodeops::dashboard
