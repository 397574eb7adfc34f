// SPDX-License-Identifier: MIT
// What a run that changes nothing cannot be faster than on this machine, in one thread:
//   floor copy FILE    reads blocks into one buffer and writes them, as `cat` does
//   floor scan FILE    and finds the ends of all fields and records in between
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

#include "csv/scan.hpp"

namespace csv = nodeops::csv;

int main(int count, char** arguments) {
  const std::string what = count == 3 ? arguments[1] : "";
  if (what != "copy" && what != "scan") {
    std::fputs("usage: floor copy|scan FILE\n", stderr);
    return 2;
  }
  const int file = ::open(arguments[2], O_RDONLY | O_CLOEXEC);
  constexpr std::size_t block = 256 << 10;
  const auto text = std::make_unique_for_overwrite<char[]>(block + csv::scan_slack);
  csv::Dialect dialect;
  dialect.newline = csv::Newline::lf;
  csv::ScanState state;
  csv::ScanIndex index;
  std::size_t records = 0;
  for (;;) {
    const auto size = ::read(file, text.get(), block);
    if (size <= 0) break;
    const std::string_view bytes(text.get(), static_cast<std::size_t>(size));
    if (what == "scan") csv::scan(bytes, dialect, state, index);
    records += index.record_count;
    if (::write(STDOUT_FILENO, bytes.data(), bytes.size()) != size) return 74;
  }
  return what == "scan" && records == 0 ? 1 : 0;
}
