// SPDX-License-Identifier: MIT
#include "dashboard/source_address.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/error.hpp"
#include "core/units.hpp"
#include "observe/printable.hpp"

namespace nodeops::dashboard {
namespace {

constexpr std::string_view place_of_user = "{user}";

[[noreturn]] void refuse(std::string_view text, const std::string& why,
                         const std::string& advice = {}) {
  throw AppError(ErrorKind::usage, "--source: " + shown_source(text) + ": " + why, advice);
}

/// Takes one ",option" behind the address. False: it is none, and part of the address.
bool take_option(std::string_view option, std::string_view text, SourceText& source) {
  if (option == "required" || option == "optional") {
    source.required = option == "required";
    return true;
  }
  if (option.starts_with("cutoff=")) {
    source.cutoff = parse_duration(option.substr(7));
    if (!source.cutoff || source.cutoff->count() == 0)
      refuse(text, "the cutoff is no duration above 0", "such as cutoff=300ms");
    return true;
  }
  if (option.starts_with("retries=")) {
    constexpr unsigned most = 100;
    const auto digits = option.substr(8);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), source.retries.emplace());
    if (error != std::errc{} || end != digits.data() + digits.size() || *source.retries > most)
      refuse(text, "the number of retries is no number from 0 to 100", "such as retries=2");
    return true;
  }
  return false;
}

/// True for what looks like an option that is none: a word, or a word and "=".
bool looks_like_option(std::string_view piece) {
  const auto word = piece.substr(0, piece.find('='));
  return !word.empty() &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// A name stands in JSON, in tables and in other options.
void check_name(std::string_view text, const std::string& name) {
  constexpr std::size_t longest = 64;
  if (name.size() > longest || name.find_first_of(" :,") != std::string::npos ||
      printable(name) != name) {
    refuse(text, "the name of a source is a word", "of at most 64 bytes, without space, : or ,");
  }
}

void check_address(std::string_view text, const std::string& address) {
  const auto starts = [&](std::string_view scheme) { return address.starts_with(scheme); };
  if (address == "mock:") return;
  const bool http = starts("http://") || starts("https://");
  const auto host = address.substr(std::min(address.size(), address.find("//") + 2));
  if (http && (host.empty() || host.front() == '/' || host.front() == '?' || host.front() == ':'))
    refuse(text, "the URL has no host");
  const bool visible = std::all_of(address.begin(), address.end(), [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '\x7f';
  });
  if (http && !visible)
    refuse(text, "the URL has a space or a control character in it", "write it as %20");
  if (http || (starts("file:") && address.size() > 5) || (starts("exec:") && address.size() > 5))
    return;
  refuse(text, "no source has such an address",
         "mock:, http://…, https://…, file:PATH or exec:COMMAND");
}

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

}  // namespace

SourceText parse_source(std::string_view text) {
  SourceText source;
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0)
    refuse(text, "is not NAME=URL", "such as orders=https://shop.example/orders/{user},required");
  source.name = text.substr(0, equals);
  check_name(text, source.name);
  std::string_view address = text.substr(equals + 1);
  while (true) {
    const auto comma = address.rfind(',');
    if (comma == std::string_view::npos) break;
    const auto piece = address.substr(comma + 1);
    if (!take_option(piece, text, source)) {
      if (!address.starts_with("exec:") && looks_like_option(piece)) {
        const bool in_query = address.substr(0, comma).find('?') != std::string_view::npos;
        const auto word = in_query ? "…" : std::string(piece.substr(0, piece.find('=')));
        refuse(text, "'," + word + "' is no option of a source",
               "required, optional, cutoff=DURATION, retries=N; a comma in a URL is %2C");
      }
      break;
    }
    address = address.substr(0, comma);
  }
  source.address = address;
  check_address(text, source.address);
  return source;
}

std::string shown_source(std::string_view text) {
  const auto command = text.find("exec:");
  const bool is_command = command < text.find_first_of("/?");
  const auto end = is_command ? text.find_first_of(" \t\n", command) : text.find('?');
  if (end == std::string_view::npos) return "'" + std::string(text) + "'";
  return "'" + std::string(text.substr(0, end)) + (is_command ? " …'" : "?…'");
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const char c : text) {
    if (unreserved(c)) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += hex[byte >> 4U];
    encoded += hex[byte & 0xFU];
  }
  return encoded;
}

std::string with_user(std::string_view text, std::string_view user) {
  std::string filled;
  std::size_t from = 0;
  for (auto at = text.find(place_of_user); at != std::string_view::npos;
       at = text.find(place_of_user, from)) {
    filled += text.substr(from, at - from);
    filled += user;
    from = at + place_of_user.size();
  }
  return filled.append(text.substr(from));
}

std::optional<std::vector<std::string>> split_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool inside = false;  // a word has begun, if only with an empty quotation
  char quote = '\0';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool escapes = c == '\\' && quote != '\'' && i + 1 < text.size();
    if (escapes) {
      word += text[++i];
      inside = true;
    } else if (quote != '\0') {
      if (c == quote)
        quote = '\0';
      else
        word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      inside = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      if (inside) words.push_back(std::move(word));
      word.clear();
      inside = false;
    } else {
      word += c;
      inside = true;
    }
  }
  if (quote != '\0') return std::nullopt;
  if (inside) words.push_back(std::move(word));
  return words;
}

}  // namespace nodeops::dashboard
