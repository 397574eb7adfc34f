// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nodeops::dashboard {

/// What `--source` says: NAME=URL[,required|optional][,cutoff=DURATION][,retries=N].
struct SourceText {
  std::string name;
  std::string address;  ///< "mock:", "http://…", "https://…", "file:…", "exec:…"
  std::optional<bool> required = {};
  std::optional<std::chrono::nanoseconds> cutoff = {};
  std::optional<unsigned> retries = {};
};

/// Reads it. Throws AppError usage that says what is wrong and what is allowed.
SourceText parse_source(std::string_view text);

/// An address, or what `--source` says, in quotes for a message: without a URL's query and a
/// command's arguments, which may be secrets under names of their own.
std::string shown_source(std::string_view text);

/// What stands in the place of {user}: RFC 3986's unreserved characters as they are, all other
/// bytes as %XX, so that an id cannot leave its place in a URL.
std::string percent_encoded(std::string_view text);

/// The text with every {user} replaced.
std::string with_user(std::string_view text, std::string_view user);

/// A command line split at white space, as a shell would split one without variables, globs or
/// substitutions: quotes and backslashes keep what they enclose. Empty when a quote is not closed.
std::optional<std::vector<std::string>> split_words(std::string_view text);

}  // namespace nodeops::dashboard
