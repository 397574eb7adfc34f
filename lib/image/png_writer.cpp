// SPDX-License-Identifier: MIT
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "core/error.hpp"
#include "image/codecs.hpp"

namespace nodeops::image {
namespace {

void put32(std::string& to, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>(value >> shift);
}

void put_chunk(std::string& to, std::string_view name, std::string_view body) {
  put32(to, static_cast<std::uint32_t>(body.size()));
  const std::size_t start = to.size();
  to.append(name).append(body);
  put32(to, crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(to.data() + start),
                            to.size() - start));
}

// ------------------------------------------------------------------- filters (PNG 1.2, section 6)

enum Filter : unsigned char { none, sub, up, average, paeth };

unsigned char nearest_of(int left, int above, int corner) {
  const int estimate = left + above - corner;
  const int to_left = std::abs(estimate - left);
  const int to_above = std::abs(estimate - above);
  const int to_corner = std::abs(estimate - corner);
  if (to_left <= to_above && to_left <= to_corner) return static_cast<unsigned char>(left);
  return static_cast<unsigned char>(to_above <= to_corner ? above : corner);
}

/// One row against the row above it; `step` is the bytes of a pixel. Both have `step` zeros in
/// front of them.
void filter(Filter kind, const unsigned char* row, const unsigned char* above, std::size_t size,
            std::size_t step, unsigned char* out) {
  switch (kind) {
    case none:
      std::memcpy(out, row, size);
      break;
    case sub:
      for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<unsigned char>(row[i] - *(row + i - step));
      break;
    case up:
      for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<unsigned char>(row[i] - above[i]);
      break;
    case average:
      for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<unsigned char>(row[i] - ((*(row + i - step) + above[i]) >> 1U));
      break;
    case paeth:
      for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<unsigned char>(
            row[i] - nearest_of(*(row + i - step), above[i], *(above + i - step)));
      break;
  }
}

/// How large the differences are in all: small ones compress well.
std::uint64_t cost(const unsigned char* bytes, std::size_t size) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const auto value = static_cast<signed char>(bytes[i]);
    sum += static_cast<std::uint32_t>(std::abs(static_cast<int>(value)));
  }
  return sum;
}

/// All rows, each behind the number of its filter: the one with the least cost.
class FilteredRows {
 public:
  FilteredRows(const Pixels& gray, bool adaptive) : gray_(gray), adaptive_(adaptive) {
    row_.resize(step_ + size_);
    above_.resize(step_ + size_);
    for (auto& one : tried_) one.resize(size_);
  }

  void append(std::uint32_t y, std::string& to) {
    row_.swap(above_);
    read(y);
    const unsigned char* const row = row_.data() + step_;
    const unsigned char* const above = above_.data() + step_;
    Filter best = none;
    std::uint64_t least = ~std::uint64_t{0};
    // Photographs are served by these three as well as by all five.
    for (const Filter kind : {up, sub, paeth}) {
      if (!adaptive_ && kind != up) continue;
      filter(kind, row, above, size_, step_, tried_[kind].data());
      const std::uint64_t price = cost(tried_[kind].data(), size_);
      if (price >= least) continue;
      least = price;
      best = kind;
    }
    to += static_cast<char>(best);
    to.append(reinterpret_cast<const char*>(tried_[best].data()), size_);
  }

 private:
  /// The row as PNG has it: 16-bit samples with the high byte first.
  void read(std::uint32_t y) {
    unsigned char* const to = row_.data() + step_;
    std::memcpy(to, gray_.row(y), size_);
    if (gray_.bits != 16 || std::endian::native == std::endian::big) return;
    for (std::size_t i = 0; i + 1 < size_; i += 2) std::swap(to[i], to[i + 1]);
  }

  const Pixels& gray_;
  bool adaptive_;
  std::size_t size_ = gray_.row_bytes();
  std::size_t step_ = gray_.pixel_bytes();
  std::vector<unsigned char> row_;
  std::vector<unsigned char> above_;
  std::array<std::vector<unsigned char>, 5> tried_;
};

// -------------------------------------------------------------------------------------- deflate

/// Deflates with ISA-L: five to twenty times as fast as zlib at about its sizes.
std::string deflate_fast(const std::string& rows, int level) {
  isal_zstream stream{};
  isal_deflate_init(&stream);
  constexpr std::array<std::uint32_t, 4> buffer_sizes = {
      ISAL_DEF_LVL0_DEFAULT, ISAL_DEF_LVL1_DEFAULT, ISAL_DEF_LVL2_DEFAULT, ISAL_DEF_LVL3_DEFAULT};
  std::vector<unsigned char> buffer(buffer_sizes[static_cast<std::size_t>(level)]);
  std::string out(rows.size() + rows.size() / 8 + 1024, '\0');
  stream.level = static_cast<std::uint32_t>(level);
  stream.level_buf = buffer.data();
  stream.level_buf_size = static_cast<std::uint32_t>(buffer.size());
  stream.gzip_flag = IGZIP_ZLIB;
  stream.end_of_stream = 0;
  std::size_t done = 0;
  // The library counts in 32 bits: large images go in pieces.
  constexpr std::size_t piece = std::size_t{1} << 30U;
  std::size_t from = 0;
  do {
    const std::size_t size = std::min(piece, rows.size() - from);
    stream.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(rows.data())) + from;
    stream.avail_in = static_cast<std::uint32_t>(size);
    from += size;
    stream.end_of_stream = from == rows.size() ? 1 : 0;
    do {
      const std::size_t room = std::min(piece, out.size() - done);
      stream.next_out = reinterpret_cast<unsigned char*>(out.data()) + done;
      stream.avail_out = static_cast<std::uint32_t>(room);
      if (isal_deflate(&stream) != COMP_OK) throw std::runtime_error("ISA-L refuses to deflate");
      done += room - stream.avail_out;
      if (stream.avail_out == 0 && done == out.size()) out.resize(out.size() + out.size() / 2);
    } while (stream.avail_in > 0 || stream.avail_out == 0);
  } while (from < rows.size());
  out.resize(done);
  return out;
}

/// Deflates with libdeflate: smaller, and slower.
std::string deflate_small(const std::string& rows, int level) {
  struct Free {
    void operator()(libdeflate_compressor* one) const { libdeflate_free_compressor(one); }
  };
  const std::unique_ptr<libdeflate_compressor, Free> compressor(libdeflate_alloc_compressor(level));
  if (!compressor) throw std::bad_alloc();
  std::string out(libdeflate_zlib_compress_bound(compressor.get(), rows.size()), '\0');
  out.resize(
      libdeflate_zlib_compress(compressor.get(), rows.data(), rows.size(), out.data(), out.size()));
  return out;
}

std::string deflated(const std::string& rows, int effort) {
  if (effort == 0) return deflate_small(rows, 0);
  if (effort <= 6) return deflate_fast(rows, effort <= 3 ? 1 : 2);
  constexpr std::array<int, 3> levels = {6, 9, 12};
  return deflate_small(rows, levels.at(static_cast<std::size_t>(effort - 7)));
}

std::string profile_chunk(const std::string& profile) {
  std::string body = "profile";
  body.append(2, '\0');  // the end of the name, and the method: deflate
  return body + deflate_small(profile, 6);
}

}  // namespace

std::string encode_png(const Pixels& gray, const Metadata& metadata, int effort,
                       const std::stop_token& stop) {
  std::string rows;
  rows.reserve((gray.row_bytes() + 1) * gray.height);
  FilteredRows filtered(gray, effort > 0);
  for (std::uint32_t y = 0; y < gray.height; ++y) {
    if (y % 64 == 0 && stop.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
    filtered.append(y, rows);
  }
  const std::string packed = deflated(rows, effort);
  std::string header;
  put32(header, gray.width);
  put32(header, gray.height);
  header += static_cast<char>(gray.bits);
  header += static_cast<char>(gray.has_alpha() ? 4 : 0);  // colour type: gray with or without alpha
  header.append(3, '\0');                                 // deflate, adaptive filters, no interlace
  std::string png = "\x89PNG\r\n\x1a\n";
  put_chunk(png, "IHDR", header);
  if (!metadata.icc.empty()) put_chunk(png, "iCCP", profile_chunk(metadata.icc));
  if (metadata.density) {
    std::string density;
    put32(density, metadata.density->x);
    put32(density, metadata.density->y);
    put_chunk(png, "pHYs", density + '\x01');
  }
  if (!metadata.exif.empty()) put_chunk(png, "eXIf", metadata.exif);
  if (!metadata.xmp.empty())
    put_chunk(png, "iTXt", std::string("XML:com.adobe.xmp\0\0\0\0\0", 22) + metadata.xmp);
  constexpr std::size_t longest = std::size_t{1} << 30U;
  for (std::size_t from = 0; from < packed.size(); from += longest)
    put_chunk(png, "IDAT", std::string_view(packed).substr(from, longest));
  put_chunk(png, "IEND", {});
  return png;
}

}  // namespace nodeops::image
