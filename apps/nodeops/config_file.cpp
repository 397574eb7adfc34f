// SPDX-License-Identifier: MIT
#include "config_file.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <regex>
#include <sstream>
#include <tuple>

#include <toml++/toml.h>

#include "core/error.hpp"
#include "stream/small_file.hpp"

namespace nodeops {
namespace {

AppError wrong(const std::string& path, toml::source_index line, const std::string& what) {
  return {ErrorKind::bad_config, path + ":" + std::to_string(line) + ": " + what};
}

std::string text_of(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  std::ostringstream text;
  node.visit([&](const auto& value) {
    if constexpr (toml::is_value<decltype(value)>) text << value.get();
  });
  if (node.is_boolean()) return *node.value<bool>() ? "true" : "false";
  return text.str();
}

/// The settings of TOML, each with where it stands: tables keep their keys sorted, and the order of
/// transforms counts.
class TomlSettings {
 public:
  explicit TomlSettings(const std::string& path) : path_(path) {}

  std::vector<Setting> read(const toml::table& file) {
    for (const auto& [key, node] : file) {
      const auto* const table = node.as_table();
      if (table == nullptr) {
        add("", key, node);
        continue;
      }
      const auto at = key.source().begin;
      placed_.push_back(
          {at.line, at.column, {.section = std::string(key.str()), .name = {}, .values = {}}});
      for (const auto& [name, value] : *table) add(std::string(key.str()), name, value);
    }
    std::stable_sort(placed_.begin(), placed_.end(), [](const Placed& a, const Placed& b) {
      return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    std::vector<Setting> settings;
    for (Placed& placed : placed_) settings.push_back(std::move(placed.setting));
    return settings;
  }

 private:
  struct Placed {
    toml::source_index line;
    toml::source_index column;
    Setting setting;
  };

  void add(std::string section, const toml::key& key, const toml::node& node) {
    const auto at = key.source().begin;
    Setting setting{.section = std::move(section), .name = std::string(key.str()), .values = {}};
    const auto take = [&](const toml::node& value) {
      if (value.is_table() || value.is_array())
        throw wrong(path_, at.line, "'" + setting.name + "' is no option's value");
      setting.values.push_back(text_of(value));
    };
    if (const auto* const array = node.as_array()) {
      for (const toml::node& value : *array) take(value);
    } else {
      take(node);
    }
    placed_.push_back({at.line, at.column, std::move(setting)});
  }

  const std::string& path_;
  std::vector<Placed> placed_;
};

/// The settings of an INI file; nothing when there is a line that is none of those.
std::optional<std::vector<Setting>> read_ini(const std::string& text) {
  static const std::regex nothing(R"(\s*([;#].*)?)");
  static const std::regex section(R"(\s*\[\s*([\w-]+)\s*\]\s*)");
  // A value in quotes or brackets is meant to be TOML, and then it is wrong.
  static const std::regex setting(R"(\s*([\w-]+)\s*=\s*([^\s"'\[{](.*\S)?)\s*)");
  static const std::regex quoted(R"(\s*([\w-]+)\s*=\s*(["'])([^"'\\]*)\2\s*)");
  std::vector<Setting> settings;
  std::string in_section;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    if (std::regex_match(line, found, nothing)) continue;
    if (std::regex_match(line, found, section)) {
      in_section = found[1];
      settings.push_back({in_section, {}, {}});
    } else if (std::regex_match(line, found, quoted)) {
      settings.push_back({in_section, found[1], {found[3]}});
    } else if (std::regex_match(line, found, setting)) {
      settings.push_back({in_section, found[1], {found[2]}});
    } else {
      return std::nullopt;
    }
  }
  return settings;
}

}  // namespace

std::vector<Setting> read_config_file(const std::string& path) {
  if (std::filesystem::is_directory(path))
    throw AppError(ErrorKind::bad_config, path + ": is a directory");
  const std::string text = read_small_file(path, "the configuration file");
  try {
    return TomlSettings(path).read(toml::parse(text));
  } catch (const toml::parse_error& error) {
    if (auto settings = read_ini(text)) return *settings;
    std::string what(error.description());
    std::replace(what.begin(), what.end(), '\n', ' ');
    throw wrong(path, error.source().begin.line, what);
  }
}

}  // namespace nodeops
