// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/io.hpp"
#include "csv/block.hpp"
#include "csv/dialect.hpp"

namespace nodeops::csv {

/// Reads so much of an input's start as it takes to tell what ends its records: until the first LF,
/// at most a megabyte, or all there is; and on until `wanted` bytes, as long as the input does not
/// pause. Appends it to `start`.
void read_start(ByteSource& source, std::string& start, std::size_t wanted = 0);

/// How much of an input's start --sniff looks at, in bytes.
constexpr std::size_t wanted_to_sniff = 64 << 10;

/// Decides what the dialect leaves open from the start of an input: the record end and, if asked,
/// delimiter and quote; finds a byte order mark. `name` is for messages. Throws AppError bad_data
/// for UTF-16 and UTF-32.
InputStart examine_start(std::string_view start, Dialect dialect, bool sniff,
                         const std::string& name);

/// What ends the records of a text that starts so: "\n", "\r\n" or "\r".
std::string_view line_end(std::string_view start, const Dialect& dialect);

/// A record's content: what stands before its LF, CR LF or CR, if it has one.
std::string_view without_line_end(std::string_view record, const Dialect& dialect);

}  // namespace nodeops::csv
