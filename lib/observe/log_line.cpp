// SPDX-License-Identifier: MIT
#include "observe/log_line.hpp"

#include <cstring>

#include "observe/json_object.hpp"
#include "observe/mask.hpp"
#include "observe/printable.hpp"

namespace nodeops::log {
namespace {

const char* word(Level level) {
  switch (level) {
    case Level::error:
      return "error";
    case Level::warning:
      return "warning";
    case Level::info:
      return "info";
    case Level::debug:
      return "debug";
  }
  return "error";
}

const char* color_of(Level level) {
  switch (level) {
    case Level::error:
      return "\x1b[1;31m";
    case Level::warning:
      return "\x1b[1;33m";
    case Level::info:
      return "\x1b[1m";
    case Level::debug:
      return "\x1b[2m";
  }
  return "";
}

/// A number or a truth as JSON has it, a text as it is.
struct AsText {
  std::string operator()(std::string_view text) const { return std::string(text); }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(std::uint64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const { return json_number(number); }
  std::string operator()(bool truth) const { return truth ? "true" : "false"; }
};

/// The masked value. A number is masked only if its key says so: a size may look like a card.
std::string safe_value(const Field& field) {
  const std::string text = std::visit(AsText{}, field.value);
  const bool is_text = std::holds_alternative<std::string_view>(field.value);
  return is_text || mask_field(field.key, "x") != "x" ? mask_field(field.key, text) : text;
}

std::string quoted_if_needed(const std::string& text) {
  if (!text.empty() && text.find_first_of(" =\"") == std::string::npos) return text;
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"') made += '\\';
    made += c;
  }
  return made + '"';
}

}  // namespace

std::string line_prefix(std::string_view command, Level level, bool color) {
  std::string prefix = "nodeops";
  if (!command.empty()) prefix.append(" ").append(command);
  prefix += ":";
  if (level != Level::error) prefix.append(" ").append(word(level)).append(":");
  return color ? color_of(level) + prefix + "\x1b[0m " : prefix + " ";
}

std::string safe_message(std::string_view message) {
  return printable(mask_text(message));
}

std::string safe_usage(std::string_view message) {
  return printable(mask_usage(message));
}

std::string text_line(std::string_view safe, Fields fields) {
  std::string line(safe);
  for (const Field& field : fields) {
    line.append(" ").append(field.key).append("=");
    line += quoted_if_needed(printable(safe_value(field)));
  }
  return line;
}

std::string json_line(std::string_view time, Level level, std::string_view command,
                      std::string_view safe, Fields fields) {
  JsonObject line;
  line.add("time", time).add("level", word(level)).add("command", command).add("message", safe);
  for (const Field& field : fields) {
    const std::string text = std::visit(AsText{}, field.value);
    const std::string safe_text = safe_value(field);
    const bool as_it_is =
        !std::holds_alternative<std::string_view>(field.value) && safe_text == text;
    if (as_it_is)
      line.add_json(field.key, text);
    else
      line.add(field.key, printable(safe_text));
  }
  return line.text();
}

}  // namespace nodeops::log
