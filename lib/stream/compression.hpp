// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/io.hpp"

namespace nodeops {

enum class Compression { none, gzip, zstd };

/// What a file's name says: gzip for .gz, zstd for .zst, else none.
Compression compression_for(std::string_view path);

/// What a text's first bytes say: gzip (RFC 1952: 1f 8b) or zstd (RFC 8878: 28 b5 2f fd).
Compression compression_of(std::string_view start);

/// The plain bytes of a source that may be compressed, told by its first bytes. Of a live source no
/// more is waited for than it takes to tell. `name` is for messages. Reading throws AppError
/// bad_data for data that is damaged or ends early, naming the compressed byte at which that
/// showed.
std::unique_ptr<ByteSource> decompressed(std::unique_ptr<ByteSource> source, std::string name);

/// A sink that compresses what is written to it.
class CompressingSink : public ByteSink {
 public:
  /// Ends the compressed stream. Nothing may be written after.
  virtual void finish() = 0;

  /// Puts out what has come so far, so that a reader of the other end sees it; costs some size.
  virtual void flush() = 0;
};

/// Compresses into `to`, which must outlive it: gzip at level 6, as gzip(1) does, zstd at level 3,
/// as zstd(1) does. Null for Compression::none.
std::unique_ptr<CompressingSink> compressed(Compression how, ByteSink& to);

/// Compresses into `to` in parts that stand for themselves, gzip members or zstd frames: what is
/// behind a cut does not depend on what was before it, and a reader takes them all for one stream.
class CompressionInParts : public ByteSink {
 public:
  enum class Start { fresh, behind_a_cut };

  /// `how` is not none; `to` must outlive it.
  CompressionInParts(Compression how, ByteSink& to, Start start)
      : how_(how), to_(to), part_(start == Start::fresh ? compressed(how, to) : nullptr) {}

  void write(std::span<const std::string_view> pieces) override {
    if (!part_) part_ = compressed(how_, to_);
    part_->write(pieces);
  }
  using ByteSink::write;

  /// Ends the part at hand; the next one starts with the next write.
  void cut() {
    if (part_) part_->finish();
    part_.reset();
  }

  /// Puts out what has come so far.
  void flush() {
    if (part_) part_->flush();
  }

 private:
  Compression how_;
  ByteSink& to_;
  std::unique_ptr<CompressingSink> part_;  ///< null behind a cut
};

}  // namespace nodeops
