// SPDX-License-Identifier: MIT
#include "counted_input.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "stream/counting.hpp"
#include "stream/open_input.hpp"

namespace nodeops {
namespace {

/// Standard input, which belongs to the process.
class BorrowedSource : public ByteSource {
 public:
  explicit BorrowedSource(ByteSource& source) : source_(source) {}
  std::size_t read(std::span<char> into) override { return source_.read(into); }
  bool ready(std::chrono::milliseconds patience) override { return source_.ready(patience); }

 private:
  ByteSource& source_;
};

}  // namespace

std::unique_ptr<ByteSource> open_counted(const std::string& path, RunContext& run) {
  std::unique_ptr<ByteSource> source;
  std::optional<std::uint64_t> size;
  if (path == standard_stream) {
    source = std::make_unique<BorrowedSource>(*run.io.in);
  } else {
    auto file = open_input(path, run.io.stop.get_token());
    size = file->size();
    source = std::move(file);
  }
  run.events.emit(InputOpened{.path = path, .bytes = size});
  return std::make_unique<CountingSource>(std::move(source), run.totals.bytes_in);
}

}  // namespace nodeops
