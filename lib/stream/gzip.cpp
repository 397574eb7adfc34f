// SPDX-License-Identifier: MIT
#include "stream/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>
#include <vector>

#include "core/error.hpp"

namespace nodeops {
namespace {

constexpr std::size_t buffer_size = 128 << 10;
constexpr int gzip_window = 15 + 16;  // zlib: the largest window, with gzip's frame

unsigned char* bytes_of(const char* text) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(text));
}

class GzipSource : public ByteSource {
 public:
  GzipSource(std::unique_ptr<ByteSource> source, std::string name)
      : source_(std::move(source)), name_(std::move(name)), buffer_(buffer_size) {
    if (inflateInit2(&stream_, gzip_window) != Z_OK) throw std::bad_alloc();
  }
  ~GzipSource() override { inflateEnd(&stream_); }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;

  std::size_t read(std::span<char> into) override {
    const auto room =
        static_cast<uInt>(std::min<std::size_t>(into.size(), std::numeric_limits<uInt>::max()));
    stream_.next_out = bytes_of(into.data());
    stream_.avail_out = room;
    while (stream_.avail_out == room && !ended_) {
      if (stream_.avail_in == 0) refill();
      if (!ended_) step();
    }
    return room - stream_.avail_out;
  }

  bool ready(std::chrono::milliseconds patience) override {
    return ended_ || stream_.avail_in > 0 || source_->ready(patience);
  }

 private:
  void refill() {
    const auto count = source_->read({buffer_.data(), buffer_.size()});
    read_ += count;
    stream_.next_in = bytes_of(buffer_.data());
    stream_.avail_in = static_cast<uInt>(count);
    if (count > 0) return;
    if (!between_members_) throw damaged("ends early", "the file is truncated");
    ended_ = true;
  }

  void step() {
    if (between_members_ && members_ > 0) {
      // Padding behind a member is no new one.
      while (stream_.avail_in > 0 && *stream_.next_in == 0) {
        ++stream_.next_in;
        --stream_.avail_in;
      }
      if (stream_.avail_in == 0) return;
      inflateReset(&stream_);
    }
    between_members_ = false;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
      between_members_ = true;
      ++members_;
    } else if (status == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      throw damaged("is damaged", "");
    }
  }

  AppError damaged(const std::string& what, const std::string& advice) const {
    const std::string reason =
        stream_.msg != nullptr && advice.empty() ? ": " + std::string(stream_.msg) : "";
    return {ErrorKind::bad_data,
            name_ + ": the gzip data " + what + " at byte " +
                std::to_string(read_ - stream_.avail_in) + reason,
            advice};
  }

  std::unique_ptr<ByteSource> source_;
  std::string name_;
  std::vector<char> buffer_;
  z_stream stream_{};
  std::uint64_t read_ = 0;
  std::size_t members_ = 0;
  bool between_members_ = true;
  bool ended_ = false;
};

class GzipSink : public CompressingSink {
 public:
  explicit GzipSink(ByteSink& to) : to_(to), buffer_(buffer_size) {
    constexpr int level = 6;
    constexpr int memory_level = 8;
    if (deflateInit2(&stream_, level, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~GzipSink() override { deflateEnd(&stream_); }
  GzipSink(const GzipSink&) = delete;
  GzipSink& operator=(const GzipSink&) = delete;

  void write(std::span<const std::string_view> pieces) override {
    for (std::string_view piece : pieces) {
      while (!piece.empty()) {
        const auto count = std::min<std::size_t>(piece.size(), std::numeric_limits<uInt>::max());
        stream_.next_in = bytes_of(piece.data());
        stream_.avail_in = static_cast<uInt>(count);
        run(Z_NO_FLUSH);
        piece.remove_prefix(count);
      }
    }
  }
  void flush() override { run(Z_SYNC_FLUSH); }
  void finish() override { run(Z_FINISH); }

 private:
  void run(int mode) {
    do {
      stream_.next_out = bytes_of(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      deflate(&stream_, mode);
      const auto made = buffer_.size() - stream_.avail_out;
      if (made > 0) to_.write(std::string_view(buffer_.data(), made));
    } while (stream_.avail_out == 0);
  }

  ByteSink& to_;
  std::vector<char> buffer_;
  z_stream stream_{};
};

}  // namespace

std::unique_ptr<ByteSource> gzip_source(std::unique_ptr<ByteSource> source, std::string name) {
  return std::make_unique<GzipSource>(std::move(source), std::move(name));
}

std::unique_ptr<CompressingSink> gzip_sink(ByteSink& to) {
  return std::make_unique<GzipSink>(to);
}

}  // namespace nodeops
