// SPDX-License-Identifier: MIT
#include "stream/compression.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "stream/gzip.hpp"
#include "stream/zstd.hpp"

namespace nodeops {
namespace {

using namespace std::string_view_literals;

constexpr auto gzip_magic = "\x1f\x8b"sv;
constexpr auto zstd_magic = "\x28\xb5\x2f\xfd"sv;

/// A source whose first bytes have been read already.
class ResumedSource : public ByteSource {
 public:
  ResumedSource(std::string start, std::unique_ptr<ByteSource> rest)
      : start_(std::move(start)), rest_(std::move(rest)) {}

  std::size_t read(std::span<char> into) override {
    if (used_ == start_.size()) return rest_->read(into);
    const auto count = std::min(into.size(), start_.size() - used_);
    std::memcpy(into.data(), start_.data() + used_, count);
    used_ += count;
    return count;
  }

  std::uint64_t skip(std::uint64_t size) override {
    const auto here = std::min<std::uint64_t>(size, start_.size() - used_);
    used_ += static_cast<std::size_t>(here);
    return here + (here < size ? rest_->skip(size - here) : 0);
  }

  bool ready(std::chrono::milliseconds patience) override {
    return used_ < start_.size() || rest_->ready(patience);
  }

 private:
  std::string start_;
  std::size_t used_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

/// True while more bytes could make the text start with `magic`.
bool may_become(std::string_view text, std::string_view magic) {
  return text.size() < magic.size() && magic.starts_with(text);
}

}  // namespace

Compression compression_for(std::string_view path) {
  if (path.ends_with(".gz")) return Compression::gzip;
  return path.ends_with(".zst") ? Compression::zstd : Compression::none;
}

Compression compression_of(std::string_view start) {
  if (start.starts_with(gzip_magic)) return Compression::gzip;
  return start.starts_with(zstd_magic) ? Compression::zstd : Compression::none;
}

std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> source, std::string name) {
  std::string start;
  while (may_become(start, gzip_magic) || may_become(start, zstd_magic)) {
    std::array<char, 4> bytes{};
    const auto count = source->read({bytes.data(), zstd_magic.size() - start.size()});
    if (count == 0) break;
    start.append(bytes.data(), count);
  }
  const Compression how = compression_of(start);
  auto resumed = std::make_unique<ResumedSource>(std::move(start), std::move(source));
  if (how == Compression::gzip) return gzip_source(std::move(resumed), std::move(name));
  if (how == Compression::zstd) return zstd_source(std::move(resumed), std::move(name));
  return resumed;
}

std::unique_ptr<CompressingSink> compressed(Compression how, ByteSink& to) {
  if (how == Compression::gzip) return gzip_sink(to);
  if (how == Compression::zstd) return zstd_sink(to);
  return nullptr;
}

}  // namespace nodeops
