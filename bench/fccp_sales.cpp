// SPDX-License-Identifier: MIT
// The benchmark's jobs written with fast-cpp-csv-parser, as far as it can do them: the columns are
// fixed when this is compiled, there is no writer, and a newline inside quotes ends a record. So it
// runs on the data without quotes: fccp_sales count|lines|select|title|filter FILE
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <initializer_list>
#include <limits>  // the library forgets it
#include <string>
#include <string_view>

#include <csv.h>

namespace {

constexpr std::size_t column_count = 12;
constexpr std::size_t customer_name = 1;
constexpr std::size_t country = 4;
using Sales = io::CSVReader<column_count, io::trim_chars<>, io::no_quote_escape<','>>;
using Row = std::array<char*, column_count>;

/// Collects records and writes a megabyte at a time.
class Output {
 public:
  Output() { text_.reserve(limit + 4096); }
  ~Output() { flush(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  void record(const Row& row, std::initializer_list<std::size_t> columns) {
    const char* separator = "";
    for (const std::size_t column : columns) {
      text_ += separator;
      text_ += row[column];
      separator = ",";
    }
    text_ += '\n';
    if (text_.size() >= limit) flush();
  }

 private:
  static constexpr std::size_t limit = std::size_t{1} << 20;

  void flush() {
    std::string_view left = text_;
    while (!left.empty()) {
      const ssize_t written = ::write(STDOUT_FILENO, left.data(), left.size());
      if (written <= 0) std::_Exit(74);
      left.remove_prefix(static_cast<std::size_t>(written));
    }
    text_.clear();
  }

  std::string text_;
};

/// ASCII only, which is less than what nodeops does: letters beyond it stay as they are.
void title_case(char* text) {
  bool inside = false;
  for (; *text != '\0'; ++text) {
    const char c = *text;
    const bool lower = c >= 'a' && c <= 'z';
    const bool upper = c >= 'A' && c <= 'Z';
    if (lower && !inside) *text = static_cast<char>(c - 'a' + 'A');
    if (upper && inside) *text = static_cast<char>(c - 'A' + 'a');
    inside = lower || upper || (c & 0x80) != 0;
  }
}

template <class Use>
void for_each_record(const char* path, Use use) {
  Sales sales(path);
  Row row{};
  while (sales.read_row(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8],
                        row[9], row[10], row[11])) {
    use(row);
  }
}

constexpr auto all_columns = {0UL, 1UL, 2UL, 3UL, 4UL, 5UL, 6UL, 7UL, 8UL, 9UL, 10UL, 11UL};

void count_lines(const char* path) {
  io::LineReader lines(path);
  unsigned long count = 0;
  while (lines.next_line() != nullptr) ++count;
  std::printf("%lu\n", count);
}

int run(std::string_view job, const char* path) {
  Output output;
  if (job == "lines") {
    count_lines(path);
  } else if (job == "count") {
    unsigned long count = 0;
    for_each_record(path, [&](const Row&) { ++count; });
    std::printf("%lu\n", count);
  } else if (job == "select") {
    for_each_record(path, [&](const Row& row) { output.record(row, {0UL, 1UL, 4UL, 8UL}); });
  } else if (job == "title") {
    for_each_record(path, [&](const Row& row) {
      title_case(row[customer_name]);
      output.record(row, all_columns);
    });
  } else if (job == "filter") {
    for_each_record(path, [&](const Row& row) {
      if (std::strcmp(row[country], "Germany") == 0) output.record(row, all_columns);
    });
  } else {
    return 2;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3) {
    try {
      const int status = run(argv[1], argv[2]);
      if (status == 0) return 0;
    } catch (const std::exception& failure) {
      std::fprintf(stderr, "fccp_sales: %s\n", failure.what());
      return 65;
    }
  }
  std::fputs("usage: fccp_sales count|lines|select|title|filter FILE\n", stderr);
  return 2;
}
