// SPDX-License-Identifier: MIT
#include "help.hpp"

#include <sstream>

namespace nodeops {
namespace {

constexpr std::size_t screen_width = 80;
constexpr std::size_t text_column = 30;

/// Appends `text`, wrapped between text_column and the screen's edge, to a line that is `used`
/// long.
void append_wrapped(std::string& to, std::size_t used, const std::string& text) {
  if (used + 2 > text_column) {
    to += '\n';
    used = 0;
  }
  to.append(text_column - used, ' ');
  std::size_t column = text_column;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (column > text_column && column + 1 + word.size() > screen_width) {
      to += '\n';
      to.append(text_column, ' ');
      column = text_column;
    }
    if (column > text_column) {
      to += ' ';
      ++column;
    }
    to += word;
    column += word.size();
  }
  to += '\n';
}

}  // namespace

std::string HelpFormatter::make_help(const CLI::App* app, std::string name,
                                     CLI::AppFormatMode mode) const {
  static_cast<void>(mode);
  std::string help = make_usage(app, std::move(name)) + "\n" + app->get_description() + "\n\n";
  const auto positional = [](const CLI::Option* option) { return option->get_positional(); };
  for (const CLI::Option* const option : app->get_options(positional))
    help += make_option(option, true);
  for (const std::string& group : app->get_groups()) {
    const auto in_group = [&](const CLI::Option* option) {
      return !option->get_positional() && option->get_group() == group;
    };
    const auto options = app->get_options(in_group);
    if (options.empty()) continue;
    help += "\n" + group + ":\n";
    for (const CLI::Option* const option : options) help += make_option(option, false);
  }
  return help;
}

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
  static_cast<void>(name);
  std::string usage = "usage: " + app->get_name() + " [OPTIONS]";
  for (const CLI::Option* const option :
       app->get_options([](const CLI::Option* one) { return one->get_positional(); })) {
    usage += " [" + option->get_name(true) + "...]";
  }
  return usage + "\n";
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  std::string names;
  if (is_positional) {
    names = "  " + option->get_name(true);
  } else {
    const auto& short_names = option->get_snames();
    names = short_names.empty() ? "      " : "  -" + short_names.front() + ", ";
    names += "--" + option->get_lnames().front();
    if (option->get_type_size() > 0) names += " " + option->get_type_name();
  }
  const std::size_t used = names.size();
  append_wrapped(names, used, option->get_description());
  return names;
}

}  // namespace nodeops
