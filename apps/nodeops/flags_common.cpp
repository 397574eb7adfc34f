// SPDX-License-Identifier: MIT
#include <charconv>

#include "core/units.hpp"
#include "flags.hpp"
#include "net/listen_address.hpp"

namespace nodeops {
namespace {

bool parse_when(const std::string& text, When& when) {
  if (text == "auto")
    when = When::automatic;
  else if (text == "always")
    when = When::always;
  else if (text == "never")
    when = When::never;
  else
    return false;
  return true;
}

}  // namespace

CLI::Option* add_parsed(CLI::App& app, const std::string& names, const std::string& placeholder,
                        const std::string& description, const std::string& allowed,
                        const std::function<bool(const std::string&)>& parse) {
  const auto take = [=](const CLI::results_t& results) {
    if (parse(results.back())) return true;
    const std::string name = names.substr(names.find("--"));
    throw CLI::ValidationError(name,
                               "'" + results.back() + "' is not allowed; allowed: " + allowed);
  };
  return app.add_option(names, take, description)
      ->type_name(placeholder)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

CLI::Option* add_repeated(CLI::App& app, const std::string& names, const std::string& placeholder,
                          const std::string& description,
                          const std::function<bool(const CLI::results_t&)>& take) {
  return app.add_option(names, take, description)
      ->type_name(placeholder)
      ->type_size(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

CLI::Option* add_file(CLI::App& app, const std::string& names, const std::string& placeholder,
                      const std::string& description, std::string& name) {
  return app.add_option(names, name, description)
      ->type_name(placeholder)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

namespace {

/// Adds options to the group that every command has.
class CommonGroup {
 public:
  explicit CommonGroup(CLI::App& app) : app_(app) {}

  void parsed(const std::string& names, const std::string& placeholder,
              const std::string& description, const std::string& allowed,
              const std::function<bool(const std::string&)>& parse) {
    add_parsed(app_, names, placeholder, description, allowed, parse)->group(name);
  }

  void text(const std::string& names, std::string& to, const std::string& placeholder,
            const std::string& description) {
    const auto take = [&to](const std::string& value) {
      to = value;
      return !value.empty();
    };
    parsed(names, placeholder, description, "a name that is not empty", take);
  }

  void flag(const std::string& names, bool& to, const std::string& description) {
    app_.add_flag(names, to, description)->group(name);
  }

 private:
  static constexpr auto name = "Options of every command";
  CLI::App& app_;
};

/// Where the data goes, what it may cost, who is told.
void add_run_flags(CommonGroup& group, CommonOptions& options) {
  group.text("-o,--output", options.output, "DEST",
             options.output.empty() ? "a file, a directory, or - (default: beside each input)"
                                    : "where the data goes (default: -, standard output)");
  group.parsed("-j,--jobs", "N", "workers; 0 = one per usable processor (default: 0)", "0 to 1024",
               [&](const std::string& value) {
                 const auto [end, error] =
                     std::from_chars(value.data(), value.data() + value.size(), options.jobs);
                 return error == std::errc{} && end == value.data() + value.size() &&
                        options.jobs <= 1024;
               });
  group.parsed("--memory-limit", "SIZE", "ceiling for buffers in flight, such as 64M",
               "1M or more, such as 64M or 1G", [&](const std::string& value) {
                 options.memory_limit = parse_size(value);
                 constexpr std::uint64_t least = 1 << 20;
                 return options.memory_limit && *options.memory_limit >= least;
               });
  group.text("--report", options.report, "DEST", "writes one JSON object about the run");
  group.text("--metrics-file", options.metrics_file, "FILE",
             "writes the same figures in Prometheus text format");
  group.text("--events", options.events, "DEST", "writes what happens, as it happens, as NDJSON");
  group.parsed("--heartbeat", "DURATION", "period of the heartbeat; 0 = off (default: 100ms)",
               "0, or 1ms to 1h, such as 100ms or 1s", [&](const std::string& value) {
                 const auto period = parse_duration(value);
                 if (period) options.heartbeat = *period;
                 return period &&
                        (period->count() == 0 || (*period >= std::chrono::milliseconds(1) &&
                                                  *period <= std::chrono::hours(1)));
               });
}

/// What people and logs see.
void add_words_flags(CommonGroup& group, CommonOptions& options) {
  group.parsed("--health", "ADDR:PORT", "serves /healthz, /readyz and /metrics while the run lasts",
               "ADDR:PORT, such as 127.0.0.1:9100 or [::1]:9100", [&](const std::string& value) {
                 options.health = value;
                 return parse_listen_address(value).has_value();
               });
  group.parsed("--progress", "WHEN", "progress line: auto, always, never (default: auto)",
               "auto, always, never",
               [&](const std::string& value) { return parse_when(value, options.progress); });
  group.parsed("--color", "WHEN", "colours: auto, always, never (default: auto)",
               "auto, always, never",
               [&](const std::string& value) { return parse_when(value, options.color); });
  group.flag("-q,--quiet", options.quiet, "errors only");
  group.flag("-v,--verbose", options.verbose, "debug messages too");
  group.parsed("--log-format", "FORMAT", "text or json (default: text)", "text, json",
               [&](const std::string& value) {
                 options.log_json = value == "json";
                 return value == "json" || value == "text";
               });
  group.text("--log-file", options.log_file, "FILE", "logs into this file");
  group.text("--config", options.config, "FILE", "reads options from a TOML or INI file");
  group.text("--lock", options.lock, "FILE", "one run at a time: exits 75 if another holds it");
  group.flag("--dry-run", options.dry_run, "does everything except writing");
}

}  // namespace

void add_common_flags(CLI::App& app, CommonOptions& options) {
  CommonGroup group(app);
  add_run_flags(group, options);
  add_words_flags(group, options);
}

}  // namespace nodeops
