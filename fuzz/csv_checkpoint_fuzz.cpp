// SPDX-License-Identifier: MIT
// A checkpoint is read as it was written or refused; one that somebody has made up, with a digest
// that fits, leads to no harm where a run goes on from it.
#include <algorithm>
#include <string>

#include "core/error.hpp"
#include "csv/checkpoint.hpp"
#include "csv/transform_text.hpp"
#include "fuzz_input.hpp"
#include "stream/digest.hpp"

using namespace nodeops;
using namespace nodeops::csv;
using nodeops::fuzz::require;

namespace {

void go_on_from(const Checkpoint& checkpoint) {
  TransformOptions options;
  constexpr std::uint64_t largest_block = 4096;  // for the fuzzer's pace
  options.block_size =
      static_cast<std::size_t>(std::min<std::uint64_t>(checkpoint.block_size, largest_block));
  options.grid = checkpoint.grid;
  options.from = checkpoint.position;
  options.on_error = OnError::skip;
  const std::string text = "a,b\n1,2\n\"3\n\",4\n5\n6,7\n";
  const auto outcome = transform_text(options, text);
  require(outcome.output.size() + outcome.rejects.size() <= text.size(),
          "no more comes out than went in");
}

void read(const std::string& text) {
  try {
    const Checkpoint checkpoint = read_checkpoint(text, "c");
    const std::string again = checkpoint_text(checkpoint);
    const Checkpoint same = read_checkpoint(again, "c");
    require(checkpoint_text(same) == again, "what is written is what is read");
    require(difference(checkpoint, same).empty(), "a checkpoint is not different from itself");
    go_on_from(checkpoint);
  } catch (const AppError& error) {
    require(error.kind() == ErrorKind::bad_data, "what is no checkpoint is bad data");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  read(text);
  const std::string line = text.substr(0, text.find('\n'));
  Sha256 digest;
  digest.update(line);
  read(line + "\nsha256 " + digest.hex() + "\n");
  return 0;
}
