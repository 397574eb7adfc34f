// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "stream/compression.hpp"

namespace nodeops {

/// The plain bytes of zstd data (RFC 8878), of all frames in a row. Frames that need a window over
/// 8 MiB, as `zstd --long` and --ultra make them, are refused: memory is bounded.
std::unique_ptr<ByteSource> zstd_source(std::unique_ptr<ByteSource> source, std::string name);

/// Writes zstd data into `to`.
std::unique_ptr<CompressingSink> zstd_sink(ByteSink& to);

}  // namespace nodeops
