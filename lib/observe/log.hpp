// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "core/error.hpp"

/// The log: the only global of the library. Libraries write to it; the command starts and stops it.
/// Every line passes the mask (fields by their key, messages by shape) and is made printable; there
/// is no other way out. Any thread may write at any time; before start() and after stop() nothing
/// is written.
///
/// Text on the error stream is what users read, one line each:
///
///     nodeops csv-transform: sales.csv:17: quote never closes
///     nodeops csv-transform: warning: input grew while it was read bytes=4096
///
/// In a log file the time stands before that. JSON is the same in both: one object a line with
/// time, level, command, message and then the fields. With a log file, the file gets every line of
/// the level, and the error stream gets the errors as well: cron mails what is written there.
namespace nodeops::log {

enum class Level { error, warning, info, debug };
enum class Format { text, json };

struct Options {
  Level level = Level::warning;
  Format format = Format::text;
  bool color = false;        ///< on the error stream; a file is never coloured
  std::string file = {};     ///< appended to; empty: the error stream alone
  std::string command = {};  ///< such as "csv-transform"; empty before it is known
  std::function<void(std::string_view)> write =
      {};  ///< the error stream; gets whole lines, one at a time
  std::function<std::chrono::system_clock::time_point()> now = [] {
    return std::chrono::system_clock::now();
  };
};

/// One thing that varies. The texts must live until the call returns.
struct Field {
  Field(std::string_view name, std::string_view text) : key(name), value(text) {}
  template <std::integral Number>
  Field(std::string_view name, Number number) : key(name) {
    if constexpr (std::same_as<Number, bool>)
      value = number;
    else if constexpr (std::is_signed_v<Number>)
      value = static_cast<std::int64_t>(number);
    else
      value = static_cast<std::uint64_t>(number);
  }
  template <std::floating_point Number>
  Field(std::string_view name, Number number) : key(name), value(static_cast<double>(number)) {}

  std::string_view key;
  std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value;
};
using Fields = std::initializer_list<Field>;

/// Starts the log, or starts it anew with other options. Throws AppError cannot_create when the
/// file cannot be opened; the log is then as it was.
void start(Options options);

/// Ends it; what was written is in the file.
void stop();

/// Opens the log file by its name again, after it was renamed by who rotates logs. When that fails,
/// says so and goes on with the old file.
void reopen();

/// True when lines of this level are written: for fields that cost something to make.
bool enabled(Level level);

/// The message is constant, what varies is a field: `log::info("sent", {{"status", 200}})`.
void error(std::string_view message, Fields fields = {});
void warn(std::string_view message, Fields fields = {});
void info(std::string_view message, Fields fields = {});
void debug(std::string_view message, Fields fields = {});

/// Words that were asked for, whatever the level: a summary, what a dry run would do. They go to
/// the error stream alone, in the form of the log.
void say(std::string_view message);

/// The one line of an operational error, with its advice. Nothing for closed_pipe and interrupted,
/// which end a run without a message.
void failure(const AppError& error);

/// A programmer error: the message, and the calls that led here on lines of their own.
void bug(std::string_view message);

}  // namespace nodeops::log
