// SPDX-License-Identifier: MIT
#include "image/deflate.hpp"

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <new>
#include <vector>

namespace nodeops::image {
namespace {

constexpr std::size_t piece_size = std::size_t{256} << 10;

bool streams(int effort) {
  return effort >= 1 && effort <= 6;
}

std::uint32_t library_level(int effort) {
  return effort <= 2 ? 1 : effort <= 4 ? 2 : 3;
}

std::size_t level_bytes(std::uint32_t level) {
  if (level == 1) return ISAL_DEF_LVL1_DEFAULT;
  return level == 2 ? ISAL_DEF_LVL2_DEFAULT : ISAL_DEF_LVL3_DEFAULT;
}

}  // namespace

struct Deflate::Stream {
  isal_zstream state{};
  std::vector<std::uint8_t> level_memory;
  std::vector<std::uint8_t> piece;

  explicit Stream(int effort)
      : level_memory(level_bytes(library_level(effort))), piece(piece_size) {
    isal_deflate_init(&state);
    state.level = library_level(effort);
    state.level_buf = level_memory.data();
    state.level_buf_size = static_cast<std::uint32_t>(level_memory.size());
    state.gzip_flag = IGZIP_ZLIB;
    rewind();
  }

  void rewind() {
    state.next_out = piece.data();
    state.avail_out = static_cast<std::uint32_t>(piece.size());
  }

  void run(const Sink& sink) {
    for (;;) {
      [[maybe_unused]] const int code = isal_deflate(&state);
      assert(code == COMP_OK);
      if (state.avail_out != 0) return;
      flush(sink);
    }
  }

  void flush(const Sink& sink) {
    const std::size_t used = piece.size() - state.avail_out;
    if (used != 0) sink({reinterpret_cast<const char*>(piece.data()), used});
    rewind();
  }
};

struct Deflate::Whole {
  int effort;
  std::vector<std::uint8_t> bytes;

  void finish(const Sink& sink) const {
    constexpr std::array<int, 10> levels{0, 1, 1, 1, 1, 1, 1, 6, 9, 12};
    const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
        libdeflate_alloc_compressor(levels.at(static_cast<std::size_t>(effort))),
        libdeflate_free_compressor);
    if (compressor == nullptr) throw std::bad_alloc();
    const std::size_t bound = libdeflate_zlib_compress_bound(compressor.get(), bytes.size());
    const std::unique_ptr<std::uint8_t[]> packed(new std::uint8_t[bound]);
    const std::size_t size =
        libdeflate_zlib_compress(compressor.get(), bytes.data(), bytes.size(), packed.get(), bound);
    assert(size != 0);
    constexpr std::size_t most = std::size_t{1} << 30;  // a chunk holds less than 2 GiB
    for (std::size_t at = 0; at < size; at += most) {
      sink({reinterpret_cast<const char*>(packed.get()) + at, std::min(most, size - at)});
    }
  }
};

Deflate::Deflate(int effort, std::size_t size, Sink sink) : sink_(std::move(sink)) {
  if (streams(effort)) {
    stream_ = std::make_unique<Stream>(effort);
  } else {
    whole_ = std::make_unique<Whole>(Whole{effort, {}});
    whole_->bytes.reserve(size);
  }
}

Deflate::~Deflate() = default;

void Deflate::write(const std::uint8_t* bytes, std::size_t size) {
  if (whole_ != nullptr) {
    whole_->bytes.insert(whole_->bytes.end(), bytes, bytes + size);
    return;
  }
  constexpr std::size_t most = std::size_t{1} << 30;
  for (std::size_t at = 0; at < size; at += most) {
    stream_->state.next_in = const_cast<std::uint8_t*>(bytes + at);
    stream_->state.avail_in = static_cast<std::uint32_t>(std::min(most, size - at));
    stream_->run(sink_);
  }
}

void Deflate::finish() {
  if (whole_ != nullptr) {
    whole_->finish(sink_);
    return;
  }
  stream_->state.end_of_stream = 1;
  stream_->state.avail_in = 0;
  stream_->run(sink_);
  while (stream_->state.internal_state.state != ZSTATE_END) stream_->run(sink_);
  stream_->flush(sink_);
}

std::uint64_t Deflate::working_bytes(int effort, std::uint64_t size) {
  if (streams(effort)) return level_bytes(library_level(effort)) + piece_size + 65536;
  return size + size + size / 1000 + (std::uint64_t{12} << 20);
}

struct Inflate::State {
  inflate_state library;
};

Inflate::Inflate(const std::vector<std::string_view>& pieces)
    : pieces_(pieces), state_(std::make_unique<State>()) {
  isal_inflate_init(&state_->library);
  state_->library.crc_flag = ISAL_ZLIB;
}

Inflate::~Inflate() = default;

std::optional<std::size_t> Inflate::read(std::uint8_t* to, std::size_t size) noexcept {
  inflate_state& state = state_->library;
  state.next_out = to;
  state.avail_out = static_cast<std::uint32_t>(size);
  while (state.avail_out != 0 && state.block_state != ISAL_BLOCK_FINISH) {
    if (state.avail_in == 0 && next_ < pieces_.size()) {
      const std::string_view piece = pieces_[next_++];
      state.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(piece.data()));
      state.avail_in = static_cast<std::uint32_t>(piece.size());
      continue;
    }
    // Without input too: the library has taken in some bytes that stand for much more.
    const std::uint32_t in = state.avail_in;
    const std::uint32_t out = state.avail_out;
    const int code = isal_inflate(&state);
    const bool stuck =
        in == state.avail_in && out == state.avail_out && state.block_state != ISAL_BLOCK_FINISH;
    if (stuck && in == 0 && code >= 0) break;
    if (code < 0 || code == ISAL_NEED_DICT || stuck) return std::nullopt;
  }
  return size - state.avail_out;
}

std::string deflated(std::string_view text) {
  std::string packed;
  Deflate deflate(6, text.size(), [&](std::string_view piece) { packed += piece; });
  deflate.write(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  deflate.finish();
  return packed;
}

std::optional<std::string> inflated(std::string_view packed, std::size_t most) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)>
      decompressor(libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (decompressor == nullptr) throw std::bad_alloc();
  // The library wants room for all of it; most profiles need little.
  for (std::size_t room = std::min<std::size_t>(most, std::size_t{64} << 10);; room = most) {
    std::string text(room, '\0');
    std::size_t size = 0;
    const libdeflate_result result = libdeflate_zlib_decompress(
        decompressor.get(), packed.data(), packed.size(), text.data(), text.size(), &size);
    if (result == LIBDEFLATE_SUCCESS) {
      text.resize(size);
      return text;
    }
    if (result != LIBDEFLATE_INSUFFICIENT_SPACE || room == most) return std::nullopt;
  }
}

std::uint32_t crc32(std::string_view bytes, std::uint32_t start) {
  return crc32_gzip_refl(start, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

}  // namespace nodeops::image
