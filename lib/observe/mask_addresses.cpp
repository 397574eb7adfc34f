// SPDX-License-Identifier: MIT
#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>

#include "observe/ascii.hpp"
#include "observe/mask_patterns.hpp"

namespace nodeops::mask {
namespace {

using ascii::at;
using ascii::before;
using ascii::is_digit;
using ascii::is_hex;
using ascii::is_word;
using ascii::skip;
using ascii::stands_at;
using ascii::to_lower;

struct Ip4 {
  std::array<unsigned, 4> octets{};
  std::size_t end = 0;
};

/// Four decimal numbers up to 255 without leading zeros; a number with more points is a version or
/// an object identifier.
std::optional<Ip4> read_ip4(std::string_view text, std::size_t begin) {
  Ip4 address;
  std::size_t place = begin;
  for (std::size_t octet = 0; octet < 4; ++octet) {
    if (octet != 0 && at(text, place++) != '.') return {};
    const std::size_t first = place;
    unsigned value = 0;
    while (place < first + 3 && is_digit(at(text, place)))
      value = value * 10 + static_cast<unsigned>(text[place++] - '0');
    if (place == first || value > 255 || (text[first] == '0' && place > first + 1)) return {};
    address.octets[octet] = value;
  }
  if (is_word(at(text, place)) || (at(text, place) == '.' && is_digit(at(text, place + 1))))
    return {};
  address.end = place;
  return address;
}

std::string network_of(const Ip4& address) {
  std::array<char, 24> made{};
  std::snprintf(made.data(), made.size(), "%u.%u.%u.0/24", address.octets[0], address.octets[1],
                address.octets[2]);
  return made.data();
}

struct Ip6 {
  std::array<unsigned, 8> groups{};
  std::optional<Ip4> embedded;  ///< ::ffff:203.0.113.7
  std::size_t embedded_begin = 0;
};

/// Up to eight groups of 1 to 4 hexadecimal digits, one "::" at most (RFC 4291, section 2.2). All
/// of the text has to be the address.
std::optional<Ip6> read_ip6(std::string_view text) {
  Ip6 address;
  std::size_t count = 0;
  std::optional<std::size_t> gap;
  std::size_t place = 0;
  if (text.substr(0, 2) == "::") {
    gap = 0;
    place = 2;
  }
  while (place < text.size()) {
    if (count <= 6) {
      const auto tail = read_ip4(text, place);
      if (tail && tail->end == text.size()) {
        address.embedded = tail;
        address.embedded_begin = place;
        count += 2;
        break;
      }
    }
    const std::size_t end = skip(text, place, is_hex);
    if (end == place || end > place + 4 || count == 8) return {};
    unsigned group = 0;
    for (; place < end; ++place) {
      const char digit = to_lower(text[place]);
      group = group << 4 | static_cast<unsigned>(is_digit(digit) ? digit - '0' : digit - 'a' + 10);
    }
    address.groups[count++] = group;
    if (place == text.size()) break;
    if (text[place++] != ':' || place == text.size()) return {};
    if (text[place] == ':') {
      if (gap) return {};
      gap = count;
      ++place;
    }
  }
  if (gap ? count > 7 : count != 8) return {};
  if (gap)
    std::fill(address.groups.begin() + static_cast<std::ptrdiff_t>(*gap), address.groups.end(), 0U);
  return address;
}

/// "2001:db8:1::/48"; of an embedded IPv4 address its /24.
std::string network_of(const Ip6& address, std::string_view text) {
  if (address.embedded) {
    return std::string(text.substr(0, address.embedded_begin)) + network_of(*address.embedded);
  }
  std::array<char, 32> made{};
  const auto& groups = address.groups;
  if ((groups[0] | groups[1] | groups[2]) == 0) return "::/48";
  std::snprintf(made.data(), made.size(), "%x:%x:%x::/48", groups[0], groups[1], groups[2]);
  return made.data();
}

/// The prefix length behind an address, such as "/24", and where it ends.
struct Prefix {
  unsigned bits;
  std::size_t end;
};

std::optional<Prefix> read_prefix(std::string_view text, std::size_t place) {
  if (at(text, place) != '/') return {};
  const std::size_t end = skip(text, place + 1, is_digit);
  const std::size_t digits = end - place - 1;
  if (digits < 1 || digits > 3 || is_word(at(text, end))) return {};
  unsigned bits = 0;
  for (const char digit : text.substr(place + 1, digits))
    bits = bits * 10 + static_cast<unsigned>(digit - '0');
  return Prefix{bits, end};
}

/// Nobody's: loopback and "any".
bool is_local(const Ip4& address) {
  const auto& octets = address.octets;
  return octets[0] == 127 || (octets[0] | octets[1] | octets[2] | octets[3]) == 0;
}

/// "version 1.2.3.4" has four parts and is none.
bool follows_version(std::string_view text, std::size_t begin) {
  std::size_t end = begin;
  while (end > 0 && begin - end < 3 &&
         (text[end - 1] == ' ' || text[end - 1] == '=' || text[end - 1] == ':' ||
          text[end - 1] == '"'))
    --end;
  constexpr std::string_view word = "version";
  return end >= word.size() && stands_at(text, end - word.size(), word);
}

/// Masks an IPv4 address at a digit; returns where to go on.
std::size_t pass_ip4(std::string_view text, std::size_t begin, Rewrite& rewrite) {
  const std::size_t behind = skip(text, begin, is_digit);
  const char last = before(text, begin);
  const bool inside = is_word(last) || (last == '.' && begin >= 2 && is_word(text[begin - 2]));
  const auto address = inside ? std::nullopt : read_ip4(text, begin);
  if (!address) return behind;
  const auto prefix = read_prefix(text, address->end);
  const bool network = prefix && prefix->bits <= 24;
  if (is_local(*address) || network || follows_version(text, begin)) return address->end;
  const std::size_t end = prefix && prefix->bits <= 32 ? prefix->end : address->end;
  rewrite.replace(begin, end, network_of(*address));
  return end;
}

/// The part of a run of hexadecimal digits, colons and points that may be an IPv6 address: without
/// "src:" before it and a full stop or colon behind it.
struct Candidate {
  std::size_t begin;
  std::size_t end;
};

Candidate trim_candidate(std::string_view text, std::size_t begin, std::size_t end) {
  if (is_word(before(text, begin))) {
    begin = skip(text, begin, is_hex);
    if (begin < end && text[begin] == ':') ++begin;
    if (begin < end && text[begin] == ':') begin = end;  // name::name is no address
  } else if (begin + 1 < end && text[begin] == ':' && text[begin + 1] != ':') {
    ++begin;
  }
  while (end > begin && text[end - 1] == '.') --end;
  if (end > begin + 2 && text[end - 1] == ':' && text[end - 2] != ':') --end;
  return {std::min(begin, end), end};
}

/// Masks an IPv6 address in the run [begin, end); true if there was one.
bool pass_ip6(std::string_view text, std::size_t begin, std::size_t end, Rewrite& rewrite) {
  const auto [first, last] = trim_candidate(text, begin, end);
  constexpr std::size_t longest = 45;
  const std::string_view run = text.substr(first, last - first);
  if (run.size() > longest || is_word(at(text, last)) ||
      std::none_of(run.begin(), run.end(), is_digit) || run == "::1") {
    return false;
  }
  const auto address = read_ip6(run);
  if (!address) return false;
  const auto prefix = read_prefix(text, last);
  const unsigned widest = address->embedded ? 24 : 48;
  if (prefix && prefix->bits <= widest) return true;
  rewrite.replace(first, prefix ? prefix->end : last, network_of(*address, run));
  return true;
}

}  // namespace

void addresses(std::string& text) {
  const std::string_view view = text;
  const auto in_run = [](char c) { return is_hex(c) || c == ':' || c == '.'; };
  Rewrite rewrite(text);
  for (std::size_t place = 0; place < view.size();) {
    if (!in_run(view[place])) {
      ++place;
      continue;
    }
    const std::size_t end = skip(view, place, in_run);
    const std::string_view run = view.substr(place, end - place);
    const auto colons = std::count(run.begin(), run.end(), ':');
    if (colons >= 2 && pass_ip6(view, place, end, rewrite)) {
      place = end;
      continue;
    }
    while (place < end) place = is_digit(view[place]) ? pass_ip4(view, place, rewrite) : place + 1;
  }
  rewrite.finish();
}

std::string address(std::string_view value) {
  if (const auto ip4 = read_ip4(value, 0); ip4 && ip4->end == value.size()) return network_of(*ip4);
  const std::string_view bare = value.substr(0, value.find('%'));  // fe80::1%eth0
  if (std::count(bare.begin(), bare.end(), ':') < 2 || bare.size() > 45) return {};
  const auto ip6 = read_ip6(bare);
  return ip6 ? network_of(*ip6, bare) : std::string();
}

}  // namespace nodeops::mask
