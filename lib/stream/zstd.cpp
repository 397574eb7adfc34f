// SPDX-License-Identifier: MIT
#include "stream/zstd.hpp"

#include <zstd.h>
#include <zstd_errors.h>

#include <new>
#include <vector>

#include "core/error.hpp"

namespace nodeops {
namespace {

constexpr int largest_window_log = 23;  // 8 MiB: all levels up to 19 without --long

class ZstdSource : public ByteSource {
 public:
  ZstdSource(std::unique_ptr<ByteSource> source, std::string name)
      : source_(std::move(source)),
        name_(std::move(name)),
        buffer_(ZSTD_DStreamInSize()),
        stream_(ZSTD_createDCtx()) {
    if (!stream_) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, largest_window_log);
  }

  std::size_t read(std::span<char> into) override {
    ZSTD_outBuffer out{into.data(), into.size(), 0};
    while (out.pos == 0 && !ended_) {
      if (in_.pos == in_.size && !more_is_buffered_) refill();
      if (ended_) break;
      const std::size_t status = ZSTD_decompressStream(stream_.get(), &out, &in_);
      if (ZSTD_isError(status) != 0) throw damaged(status);
      between_frames_ = status == 0;
      more_is_buffered_ = out.pos == out.size && status != 0;
    }
    return out.pos;
  }

  bool ready(std::chrono::milliseconds patience) override {
    return ended_ || more_is_buffered_ || in_.pos < in_.size || source_->ready(patience);
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* stream) const { ZSTD_freeDCtx(stream); }
  };

  void refill() {
    const auto count = source_->read({buffer_.data(), buffer_.size()});
    read_ += count;
    in_ = {buffer_.data(), count, 0};
    if (count > 0) return;
    if (!between_frames_) {
      throw AppError(ErrorKind::bad_data,
                     name_ + ": the zstd data ends early at byte " + std::to_string(read_),
                     "the file is truncated");
    }
    ended_ = true;
  }

  AppError damaged(std::size_t status) const {
    const std::string place = name_ + ": the zstd data ";
    if (ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge) {
      return {ErrorKind::bad_data, place + "needs more than 8 MiB of window",
              "decompress it first: zstd -d --long=31"};
    }
    return {ErrorKind::bad_data, place + "is damaged behind byte " +
                                     std::to_string(read_ - in_.size + in_.pos) + ": " +
                                     ZSTD_getErrorName(status)};
  }

  std::unique_ptr<ByteSource> source_;
  std::string name_;
  std::vector<char> buffer_;
  std::unique_ptr<ZSTD_DCtx, Free> stream_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  std::uint64_t read_ = 0;
  bool between_frames_ = false;
  bool more_is_buffered_ = false;
  bool ended_ = false;
};

class ZstdSink : public CompressingSink {
 public:
  explicit ZstdSink(ByteSink& to)
      : to_(to), buffer_(ZSTD_CStreamOutSize()), stream_(ZSTD_createCCtx()) {
    if (!stream_) throw std::bad_alloc();
    ZSTD_CCtx_setParameter(stream_.get(), ZSTD_c_checksumFlag, 1);
  }

  void write(std::span<const std::string_view> pieces) override {
    for (const std::string_view piece : pieces) run(piece, ZSTD_e_continue);
  }
  void flush() override { run({}, ZSTD_e_flush); }
  void finish() override { run({}, ZSTD_e_end); }

 private:
  struct Free {
    void operator()(ZSTD_CCtx* stream) const { ZSTD_freeCCtx(stream); }
  };

  void run(std::string_view piece, ZSTD_EndDirective mode) {
    ZSTD_inBuffer in{piece.data(), piece.size(), 0};
    for (;;) {
      ZSTD_outBuffer out{buffer_.data(), buffer_.size(), 0};
      const std::size_t left = ZSTD_compressStream2(stream_.get(), &out, &in, mode);
      if (ZSTD_isError(left) != 0)
        throw std::bad_alloc();  // the only way it can fail with valid parameters
      if (out.pos > 0) to_.write(std::string_view(buffer_.data(), out.pos));
      if (mode == ZSTD_e_continue ? in.pos == in.size : left == 0) return;
    }
  }

  ByteSink& to_;
  std::vector<char> buffer_;
  std::unique_ptr<ZSTD_CCtx, Free> stream_;
};

}  // namespace

std::unique_ptr<ByteSource> zstd_source(std::unique_ptr<ByteSource> source, std::string name) {
  return std::make_unique<ZstdSource>(std::move(source), std::move(name));
}

std::unique_ptr<CompressingSink> zstd_sink(ByteSink& to) {
  return std::make_unique<ZstdSink>(to);
}

}  // namespace nodeops
