// SPDX-License-Identifier: MIT
#include "run.hpp"

#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <system_error>

#include "command_line.hpp"
#include "core/error.hpp"
#include "exit_code.hpp"
#include "observe/log.hpp"
#include "roles.hpp"
#include "run_frame.hpp"

namespace nodeops {
namespace {

/// Calls f and turns what it throws into an exit status: the one place where that is done.
template <class F>
int exit_status_of(F&& f, const Io& io) {
  try {
    return f();
  } catch (const AppError& error) {
    log::failure(error);
    return exit_code(error.kind(), io.stop_signal());
  } catch (const std::system_error& error) {
    // The system has refused a thread or the like: nobody's bug.
    log::error("out of a resource: " + error.code().message());
    return exit_code(ErrorKind::try_later);
  } catch (const std::bad_alloc&) {
    log::error("out of memory");
    return exit_code(ErrorKind::try_later);
  } catch (const std::exception& error) {
    log::bug(error.what());
  } catch (...) {
    log::bug("an unknown exception");
  }
  return exit_bug;
}

/// Which function does a command's work.
struct Work {
  RunContext& run;

  int operator()(std::monostate) const { throw std::logic_error("no command was chosen"); }
  int operator()(const DashboardOptions& options) const { return dashboard_command(options, run); }
  int operator()(const CsvTransformOptions& options) const { return csv_transform(options, run); }
  int operator()(const GrayscaleOptions& options) const { return grayscale(options, run); }
  int operator()(const WebhookReplayOptions& options) const { return webhook_replay(options, run); }
};

int run_command(const Invocation& invocation, RunFrame& frame) {
  RunContext context = frame.context();
  return std::visit(Work{context}, invocation.options);
}

/// The files that the command's own options name.
struct RolesOf {
  Roles operator()(std::monostate) const { return {}; }
  template <class Options>
  Roles operator()(const Options& options) const {
    return roles_of(options);
  }
};

int run_in_frame(const Invocation& invocation, Io& io, Shutdown* shutdown) {
  // On the heap: tests run many frames on one stack, and the thread sanitizer, which is not told of
  // a mutex's end there, would take the mutexes of two runs for one.
  const auto frame = std::make_unique<RunFrame>(invocation, io, shutdown);
  const int status =
      exit_status_of([&] { return frame->start(), run_command(invocation, *frame); }, io);
  return exit_status_of([&] { return frame->finish(status), status; }, io);
}

}  // namespace

int run(const std::vector<std::string>& args, Io& io, Shutdown* shutdown) {
  Invocation invocation;
  log::start({.write = io.err});
  const auto name_the_log = [&] { log::start({.command = invocation.command, .write = io.err}); };
  const int read = exit_status_of(
      [&] {
        try {
          read_command_line(args, io.environment, invocation);
          check_roles(invocation.common, std::visit(RolesOf{}, invocation.options));
        } catch (const AppError&) {
          name_the_log();
          throw;
        }
        name_the_log();
        if (!invocation.text.empty()) io.out->write(invocation.text);
        return exit_done;
      },
      io);
  const int status =
      read != exit_done || !invocation.text.empty() ? read : run_in_frame(invocation, io, shutdown);
  log::stop();
  return status;
}

}  // namespace nodeops
