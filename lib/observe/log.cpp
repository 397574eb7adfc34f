// SPDX-License-Identifier: MIT
#include "observe/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <mutex>

#include "core/units.hpp"
#include "observe/json_object.hpp"
#include "observe/log_line.hpp"
#include "observe/stack_trace.hpp"

namespace nodeops::log {
namespace {

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::error:
      return spdlog::level::err;
    case Level::warning:
      return spdlog::level::warn;
    case Level::info:
      return spdlog::level::info;
    case Level::debug:
      return spdlog::level::debug;
  }
  return spdlog::level::err;
}

Level level_of(spdlog::level::level_enum level) {
  if (level >= spdlog::level::err) return Level::error;
  if (level == spdlog::level::warn) return Level::warning;
  return level == spdlog::level::info ? Level::info : Level::debug;
}

/// Puts "nodeops COMMAND: warning: " before each line.
class Prefix : public spdlog::custom_flag_formatter {
 public:
  Prefix(std::string command, bool color) : command_(std::move(command)), color_(color) {}

  void format(const spdlog::details::log_msg& line, const std::tm&,
              spdlog::memory_buf_t& into) override {
    const std::string text = line_prefix(command_, level_of(line.level), color_);
    into.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return spdlog::details::make_unique<Prefix>(command_, color_);
  }

 private:
  std::string command_;
  bool color_;
};

std::unique_ptr<spdlog::formatter> text_form(const Options& options, bool color,
                                             const char* pattern) {
  auto form = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc, "\n");
  form->add_flag<Prefix>('*', options.command, color).set_pattern(pattern);
  return form;
}

class ErrorStreamSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit ErrorStreamSink(std::function<void(std::string_view)> write)
      : write_(std::move(write)) {}

 private:
  void sink_it_(const spdlog::details::log_msg& line) override {
    spdlog::memory_buf_t text;
    formatter_->format(line, text);
    if (write_) write_({text.data(), text.size()});
  }
  void flush_() override {}

  std::function<void(std::string_view)> write_;
};

/// A file that lines are appended to; each is with the system when the call returns.
class FileSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  /// `complain` hears why a line could not be written.
  FileSink(std::string path, std::function<void(const std::string&)> complain)
      : path_(std::move(path)), complain_(std::move(complain)), file_(open()) {}

  void reopen() {
    auto fresh = open();
    const std::lock_guard lock(mutex_);
    file_ = std::move(fresh);
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, Close>;

  File open() const {
    File file(std::fopen(path_.c_str(), "ae"));
    if (!file)
      throw system_failure(ErrorKind::cannot_create, path_, "cannot open the log file", errno);
    return file;
  }
  void sink_it_(const spdlog::details::log_msg& line) override {
    spdlog::memory_buf_t text;
    formatter_->format(line, text);
    const bool written = std::fwrite(text.data(), 1, text.size(), file_.get()) == text.size();
    const bool flushed = std::fflush(file_.get()) == 0;
    if (written && flushed) return;
    const int reason = errno;
    std::clearerr(file_.get());
    complain_(
        system_failure(ErrorKind::io_failed, path_, "cannot write the log file", reason).what());
  }
  void flush_() override { std::fflush(file_.get()); }

  std::string path_;
  std::function<void(const std::string&)> complain_;
  File file_;
};

/// All of a started log.
struct Log {
  explicit Log(Options chosen) : options(std::move(chosen)), logger("nodeops") {
    const bool json = options.format == Format::json;
    auto stream = std::make_shared<ErrorStreamSink>(options.write);
    stream->set_formatter(text_form(options, options.color, json ? "%v" : "%*%v"));
    if (!options.file.empty()) {
      file = std::make_shared<FileSink>(options.file,
                                        [this](const std::string& why) { complain(why); });
      file->set_formatter(text_form(options, false, json ? "%v" : "%Y-%m-%dT%H:%M:%S.%eZ %*%v"));
      stream->set_level(spdlog::level::err);
      logger.sinks().push_back(file);
    }
    logger.sinks().push_back(stream);
    logger.set_level(spdlog_level(options.level));
    // An error stream that cannot be written leaves nobody to tell.
    logger.set_error_handler([](const std::string&) {});
  }

  /// A log file that cannot be written is worth one line, not the end of the run.
  void complain(const std::string& why) {
    if (complained.exchange(true) || !options.write) return;
    options.write(line_prefix(options.command, Level::warning, options.color) + safe_message(why) +
                  "\n");
  }

  void write(Level level, std::string_view message, Fields fields) {
    const auto time = options.now();
    const std::string line =
        options.format == Format::json
            ? json_line(format_utc(time), level, options.command, message, fields)
            : text_line(message, fields);
    logger.log(time, spdlog::source_loc{}, spdlog_level(level),
               spdlog::string_view_t(line.data(), line.size()));
  }

  void say(std::string_view message) const {
    if (!options.write) return;
    const bool json = options.format == Format::json;
    options.write(
        (json ? json_line(format_utc(options.now()), Level::info, options.command, message, {})
              : line_prefix(options.command, Level::error, false) + std::string(message)) +
        "\n");
  }

  Options options;
  std::shared_ptr<FileSink> file;
  spdlog::logger logger;
  std::atomic<bool> complained{false};
};

std::mutex current_mutex;
std::shared_ptr<Log> current_log;
constexpr int nothing = -1;
std::atomic<int> current_level{nothing};

std::shared_ptr<Log> current() {
  const std::lock_guard lock(current_mutex);
  return current_log;
}

void replace_current(std::shared_ptr<Log> log) {
  current_level = log ? static_cast<int>(log->options.level) : nothing;
  // The old one ends outside of the lock: closing a file may take its time.
  const std::lock_guard lock(current_mutex);
  current_log.swap(log);
}

void write(Level level, std::string_view safe, Fields fields) {
  if (!enabled(level)) return;
  if (const auto log = current()) log->write(level, safe, fields);
}

}  // namespace

void start(Options options) {
  replace_current(std::make_shared<Log>(std::move(options)));
}

void stop() {
  replace_current(nullptr);
}

void reopen() {
  const auto log = current();
  if (!log || !log->file) return;
  try {
    log->file->reopen();
    log->complained = false;
  } catch (const AppError& failed) {
    log->complain(failed.what());
  }
}

bool enabled(Level level) {
  return static_cast<int>(level) <= current_level.load(std::memory_order_relaxed);
}

void error(std::string_view message, Fields fields) {
  write(Level::error, safe_message(message), fields);
}
void warn(std::string_view message, Fields fields) {
  write(Level::warning, safe_message(message), fields);
}
void info(std::string_view message, Fields fields) {
  write(Level::info, safe_message(message), fields);
}
void debug(std::string_view message, Fields fields) {
  if (enabled(Level::debug)) write(Level::debug, safe_message(message), fields);
}

void say(std::string_view message) {
  if (const auto log = current()) log->say(safe_message(message));
}

void failure(const AppError& failed) {
  if (failed.kind() == ErrorKind::closed_pipe || failed.kind() == ErrorKind::interrupted) return;
  const bool own_words =
      failed.kind() == ErrorKind::usage || failed.kind() == ErrorKind::bad_config;
  const std::string message = own_words ? safe_usage(failed.line()) : safe_message(failed.line());
  const auto log = current();
  if (!log || !enabled(Level::error)) return;
  const std::string type = "urn:nodeops:error:" + std::string(slug(failed.kind()));
  if (log->options.format == Format::json)
    log->write(Level::error, message, {{"type", type}});
  else
    log->write(Level::error, message, {});
}

void bug(std::string_view message) {
  write(Level::error, safe_message(message) + " (a bug in nodeops)", {});
  for (const auto& call : stack_trace()) write(Level::error, "  at " + safe_message(call), {});
}

}  // namespace nodeops::log
