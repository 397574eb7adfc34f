// SPDX-License-Identifier: MIT
#include "observe/log.hpp"

#include <execinfo.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/details/file_helper.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <mutex>

#include "core/error.hpp"
#include "core/units.hpp"
#include "observe/mask.hpp"
#include "observe/printable.hpp"

namespace nodeops::log {
namespace {

/// Hands finished lines to the error stream.
class StreamSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit StreamSink(std::function<void(std::string_view)> write) : write_(std::move(write)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::string line(message.payload.data(), message.payload.size());
    write_(line + "\n");
  }
  void flush_() override {}

  std::function<void(std::string_view)> write_;
};

/// A file that can be opened anew under its old name.
class FileSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FileSink(std::string path) : path_(std::move(path)) { file_.open(path_); }
  void reopen() {
    const std::lock_guard lock(mutex_);
    file_.reopen(false);
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    line.append(message.payload.data(), message.payload.data() + message.payload.size());
    line.push_back('\n');
    file_.write(line);
    file_.flush();
  }
  void flush_() override { file_.flush(); }

  std::string path_;
  spdlog::details::file_helper file_;
};

struct State {
  Options options;
  std::shared_ptr<FileSink> file;
  std::unique_ptr<spdlog::logger> logger;
};

std::mutex mutex;
std::unique_ptr<State> state;  // guarded by mutex

spdlog::level::level_enum level_of(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: return spdlog::level::err;
  }
  return spdlog::level::err;
}

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "error";
}

std::string json_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;  // printable() has left no control character
  }
  return quoted + "\"";
}

std::string shown(const Field& field) { return field.bare ? field.value : printable(mask_field(field.key, field.value)); }

std::string text_line(const Options& options, Level level, std::string_view message, std::initializer_list<Field> fields) {
  std::string line = options.command.empty() ? "nodeops: " : "nodeops " + options.command + ": ";
  constexpr std::array colors = {"\x1b[2m", "\x1b[36m", "\x1b[33m", "\x1b[31m"};
  if (options.color) line += colors.at(static_cast<std::size_t>(level));
  if (level != Level::error) line += std::string(name_of(level)) + ": ";
  line += printable(mask_text(message));
  for (const Field& field : fields) line += " " + std::string(field.key) + "=" + shown(field);
  if (options.color) line += "\x1b[0m";
  return line;
}

std::string json_line(const Options& options, Level level, std::string_view message, std::initializer_list<Field> fields) {
  std::string line = R"({"time":")" + format_utc(std::chrono::system_clock::now()) + R"(","level":")" +
                     std::string(name_of(level)) + "\",\"command\":" + json_string(options.command) +
                     ",\"message\":" + json_string(printable(mask_text(message)));
  for (const Field& field : fields) {
    line += "," + json_string(field.key) + ":" + (field.bare ? field.value : json_string(shown(field)));
  }
  return line + "}";
}

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
  const std::lock_guard lock(mutex);
  if (!state || level < state->options.level) return;
  const Options& options = state->options;
  const std::string line = options.format == Format::json ? json_line(options, level, message, fields)
                                                          : text_line(options, level, message, fields);
  state->logger->log(level_of(level), spdlog::string_view_t(line));
}

}  // namespace

void start(Options options) {
  const std::lock_guard lock(mutex);
  auto next = std::make_unique<State>();
  const auto stream = std::make_shared<StreamSink>(options.write);
  std::vector<spdlog::sink_ptr> sinks = {stream};
  if (!options.file.empty()) {
    try {
      next->file = std::make_shared<FileSink>(options.file);
    } catch (const spdlog::spdlog_ex& failure) {
      throw AppError(ErrorKind::cannot_create, options.file + ": cannot open the log file");
    }
    sinks.push_back(next->file);
    stream->set_level(spdlog::level::err);
  }
  next->logger = std::make_unique<spdlog::logger>("nodeops", sinks.begin(), sinks.end());
  next->logger->set_level(level_of(options.level));
  next->options = std::move(options);
  state = std::move(next);
}

void stop() {
  const std::lock_guard lock(mutex);
  state.reset();
}

void reopen() {
  const std::lock_guard lock(mutex);
  if (state && state->file) state->file->reopen();
}

void error(std::string_view message, std::initializer_list<Field> fields) { write(Level::error, message, fields); }
void warn(std::string_view message, std::initializer_list<Field> fields) { write(Level::warning, message, fields); }
void info(std::string_view message, std::initializer_list<Field> fields) { write(Level::info, message, fields); }
void debug(std::string_view message, std::initializer_list<Field> fields) { write(Level::debug, message, fields); }

void bug(std::string_view message) {
  constexpr int deepest = 64;
  std::array<void*, deepest> frames{};
  const int depth = backtrace(frames.data(), deepest);
  const std::unique_ptr<char*, decltype(&std::free)> names(backtrace_symbols(frames.data(), depth), &std::free);
  error("this is a bug in nodeops, please report it", {{"what", message}});
  for (int i = 1; names && i < depth; ++i) error("stack", {{"frame", i}, {"at", names.get()[i]}});
}

}  // namespace nodeops::log
