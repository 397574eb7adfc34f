// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "stream/compression.hpp"

namespace nodeops {

/// The plain bytes of gzip data (RFC 1952), of all members in a row. Zero bytes behind the last
/// member, which tapes and dd leave, are passed over; anything else there is an error.
std::unique_ptr<ByteSource> gzip_source(std::unique_ptr<ByteSource> source, std::string name);

/// Writes gzip data into `to`.
std::unique_ptr<CompressingSink> gzip_sink(ByteSink& to);

}  // namespace nodeops
