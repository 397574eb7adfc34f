// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

namespace nodeops::log {

enum class Level { debug, info, warning, error };
enum class Format { text, json };

struct Options {
  Level level = Level::warning;
  Format format = Format::text;
  bool color = false;
  std::string file = {};     ///< everything goes there; empty: to the error stream
  std::string command = {};  ///< stands in every line
  std::function<void(std::string_view)> write;  ///< the error stream; takes whole lines
};

/// A named value of a line. Values are masked by their key and by what they look like.
struct Field {
  std::string_view key;
  std::string value;
  bool bare = false;  ///< a number or a truth value: stands without quotes in JSON

  Field(std::string_view name, std::string_view text) : key(name), value(text) {}
  Field(std::string_view name, const char* text) : key(name), value(text) {}
  Field(std::string_view name, const std::string& text) : key(name), value(text) {}
  template <std::integral Number>
  Field(std::string_view name, Number number)
      : key(name), value(std::to_string(number)), bare(true) {}
  Field(std::string_view name, bool truth)
      : key(name), value(truth ? "true" : "false"), bare(true) {}
};

/// Starts the log, the one global there is; before, and after stop(), nothing is logged. With a
/// file, errors go to the error stream too: cron mails what stands there. Throws AppError
/// cannot_create when the file cannot be opened.
void start(Options options);
void stop();

/// Opens the log file anew: it has been moved away by a log rotation.
void reopen();

/// Logs one line: `nodeops COMMAND: message key=value`. The message is a constant or the line of an
/// AppError. Every line passes the mask, and what could forge a line or drive a terminal is
/// escaped.
void error(std::string_view message, std::initializer_list<Field> fields = {});
void warn(std::string_view message, std::initializer_list<Field> fields = {});
void info(std::string_view message, std::initializer_list<Field> fields = {});
void debug(std::string_view message, std::initializer_list<Field> fields = {});

/// Logs a programmer error with the stack of the caller.
void bug(std::string_view message);

}  // namespace nodeops::log
