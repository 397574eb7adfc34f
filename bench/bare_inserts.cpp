// SPDX-License-Identifier: MIT
// What SQLite alone takes for the rows of a CSV: a loop of prepared inserts in one transaction,
// durable at its end. Quotes are undone, and nothing is checked:
//   bare_inserts FILE.db wal|off|delete < SALES.csv
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

sqlite3* database = nullptr;

void require(int code) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  std::fprintf(stderr, "bare_inserts: %s\n", sqlite3_errmsg(database));
  std::exit(1);
}

void run(const std::string& statements) {
  require(sqlite3_exec(database, statements.c_str(), nullptr, nullptr, nullptr));
}

std::string everything(std::FILE* file) {
  constexpr std::size_t piece = 1 << 20;
  std::string text;
  std::size_t size = 0;
  do {
    text.resize(size + piece);
    size += std::fread(text.data() + size, 1, piece, file);
  } while (std::feof(file) == 0);
  text.resize(size);
  return text;
}

/// Takes a field off the text, its quotes undone in place; true when it was a record's last.
bool take_field(char*& at, const char* end, std::string_view& field) {
  char* start = at;
  char* to = at;
  if (at != end && *at == '"') {
    start = to = ++at;
    for (; at != end; ++at) {
      if (*at == '"' && (at + 1 == end || *++at != '"')) break;
      *to++ = *at;
    }
  }
  while (at != end && *at != ',' && *at != '\n') *to++ = *at++;
  const bool last = at == end || *at == '\n';
  if (last && to != start && to[-1] == '\r') --to;
  if (at != end) ++at;
  field = {start, static_cast<std::size_t>(to - start)};
  return last;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return 2;
  std::string text = everything(stdin);
  require(sqlite3_open(arguments[1], &database));
  run(std::string("PRAGMA journal_mode=") + arguments[2] +
      "; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384");
  char* at = text.data();
  const char* const end = at + text.size();
  std::string columns;
  std::string places;
  std::string_view field;
  int fields = 0;
  for (bool last = false; !last; ++fields) {
    last = take_field(at, end, field);
    columns += (fields > 0 ? ",\"" : "\"") + std::string(field) + "\" TEXT";
    places += fields > 0 ? ",?" : "?";
  }
  run("BEGIN; CREATE TABLE sales(" + columns + ")");
  sqlite3_stmt* insert = nullptr;
  require(sqlite3_prepare_v2(database, ("INSERT INTO sales VALUES(" + places + ")").c_str(), -1,
                             &insert, nullptr));
  while (at != end) {
    for (int place = 1; place <= fields; ++place) {
      take_field(at, end, field);
      sqlite3_bind_text64(insert, place, field.data(), field.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    require(sqlite3_step(insert));
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
  run("COMMIT");
  require(sqlite3_close(database));
}
