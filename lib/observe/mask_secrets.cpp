// SPDX-License-Identifier: MIT
#include "observe/ascii.hpp"
#include "observe/mask_patterns.hpp"

namespace nodeops::mask {
namespace {

using ascii::at;
using ascii::before;
using ascii::is_alnum;
using ascii::is_blank;
using ascii::is_letter;
using ascii::is_lower;
using ascii::is_space;
using ascii::is_upper;
using ascii::is_word;
using ascii::skip;
using ascii::stands_at;

bool is_base64url(char c) {
  return is_word(c) || c == '-';
}
bool is_token(char c) {
  return is_word(c) || std::string_view("-.~+/=").find(c) != std::string_view::npos;
}

/// How a kind of key starts and how many characters it has at least behind that.
struct KeyPrefix {
  std::string_view text;
  std::size_t fewest;
};

// As the issuers document them: Stripe, Standard Webhooks, AWS, GitHub, GitLab, Slack, Google,
// OpenAI and Anthropic, npm, SendGrid, Square, Shopify, PyPI, DigitalOcean, Hugging Face.
constexpr KeyPrefix key_prefixes[] = {
    {"sk_live_", 4},   {"sk_test_", 4},     {"rk_live_", 4},  {"rk_test_", 4}, {"pk_live_", 4},
    {"pk_test_", 4},   {"ek_live_", 4},     {"ek_test_", 4},  {"whsec_", 4},   {"AKIA", 16},
    {"ASIA", 16},      {"ghp_", 20},        {"gho_", 20},     {"ghu_", 20},    {"ghs_", 20},
    {"ghr_", 20},      {"github_pat_", 20}, {"glpat-", 16},   {"xoxb-", 8},    {"xoxp-", 8},
    {"xoxa-", 8},      {"xoxr-", 8},        {"xoxs-", 8},     {"xapp-", 8},    {"AIza", 30},
    {"ya29.", 16},     {"GOCSPX-", 16},     {"sk-proj-", 16}, {"sk-ant-", 16}, {"sk-", 20},
    {"npm_", 30},      {"SG.", 20},         {"sq0atp-", 16},  {"sq0csp-", 16}, {"shpat_", 16},
    {"shpss_", 16},    {"shpca_", 16},      {"shppa_", 16},   {"pypi-", 20},   {"dop_v1_", 20},
    {"dckr_pat_", 16}, {"hf_", 20},
};

/// A star for nothing, and the last four characters of what is long enough to keep its secret then.
std::string stars_and_tail(std::string_view tail, std::size_t long_enough) {
  return "****" + std::string(tail.size() < long_enough ? "" : tail.substr(tail.size() - 4));
}

/// Masks a key with a known prefix at a place; returns its end, or the place.
std::size_t pass_prefixed_key(std::string_view text, std::size_t place, Rewrite& rewrite) {
  for (const auto& prefix : key_prefixes) {
    if (text.substr(place, prefix.text.size()) != prefix.text) continue;
    const std::size_t begin = place + prefix.text.size();
    const bool webhook = prefix.text == "whsec_" || prefix.text == "SG." || prefix.text == "ya29.";
    std::size_t end = skip(text, begin, is_base64url);
    if (webhook) end = skip(text, end, is_token);
    while (end > begin && text[end - 1] == '.') --end;
    if (end - begin < prefix.fewest) continue;
    rewrite.replace(begin, end, stars_and_tail(text.substr(begin, end - begin), 12));
    return end;
  }
  return place;
}

/// Masks a JSON Web Token (also cut short) at a place; returns its end, or the place.
std::size_t pass_jwt(std::string_view text, std::size_t place, Rewrite& rewrite) {
  constexpr std::size_t shortest_header = 16;
  if (text.substr(place, 3) != "eyJ") return place;
  std::size_t end = skip(text, place, is_base64url);
  if (end - place < shortest_header) return place;
  while (at(text, end) == '.' && is_base64url(at(text, end + 1)))
    end = skip(text, end + 1, is_base64url);
  rewrite.replace(place + 3, end, "****" + std::string(text.substr(end - 4, 4)));
  return end;
}

/// "token", "Authentication", "token-based": prose behind "bearer", not a token.
bool looks_like_prose(std::string_view word) {
  while (!word.empty() && (word.back() == '.' || word.back() == '=')) word.remove_suffix(1);
  constexpr std::size_t longest_word = 20;
  if (word.size() >= longest_word) return false;
  const bool capitals =
      std::all_of(word.begin(), word.end(), [](char c) { return is_upper(c) || c == '-'; });
  const auto rest = word.substr(std::min<std::size_t>(1, word.size()));
  const bool small =
      std::all_of(rest.begin(), rest.end(), [](char c) { return is_lower(c) || c == '-'; });
  return word.empty() || capitals || (small && is_letter(word.front()));
}

/// Masks what follows "Bearer" or "Basic" at a place; returns its end, or the place.
std::size_t pass_credentials(std::string_view text, std::size_t place, Rewrite& rewrite) {
  const std::size_t scheme = stands_at(text, place, "bearer")  ? 6
                             : stands_at(text, place, "basic") ? 5
                                                               : 0;
  if (scheme == 0 || !is_blank(at(text, place + scheme))) return place;
  const std::size_t begin = skip(text, place + scheme, is_blank);
  constexpr std::size_t longest_looked_at =
      4096;  // the rest of a longer one is masked by being no prose
  const std::size_t end = skip(text, begin, is_token);
  const std::string_view token = text.substr(begin, std::min(end - begin, longest_looked_at));
  if (token.size() < 6 || looks_like_prose(token)) return place;
  rewrite.replace(begin, end, secret(text.substr(begin, end - begin)));
  return end;
}

/// Masks private keys in PEM form, to the end of the text if the last line is missing.
void private_keys(std::string& text) {
  constexpr std::string_view mark = "PRIVATE KEY-----";
  const std::string_view view = text;
  if (view.find(mark) == std::string_view::npos) return;
  Rewrite rewrite(text);
  for (std::size_t place = 0; (place = view.find(mark, place)) != std::string_view::npos;) {
    const std::size_t begin = place + mark.size();
    const std::size_t end = std::min(view.find("-----END", begin), view.size());
    rewrite.replace(begin, end, "****");
    place = std::min(view.find(mark, end), view.size());
    place = place == view.size() ? place : place + mark.size();
  }
  rewrite.finish();
}

/// "pi_3Mtw_secret_…": the id stays.
std::size_t pass_client_secret(std::string_view text, std::size_t place, Rewrite& rewrite) {
  constexpr std::string_view mark = "_secret_";
  if (text.substr(place, mark.size()) != mark) return place;
  const std::size_t begin = place + mark.size();
  const std::size_t end = skip(text, begin, is_alnum);
  if (end - begin < 8) return place;
  rewrite.replace(begin, end, stars_and_tail(text.substr(begin, end - begin), 12));
  return end;
}

/// A password with a slash or the like in it, against the rules of URLs, would end the authority
/// early. It is one when what is behind the colon is no port and an @ comes in the same word.
std::size_t end_of_odd_password(std::string_view text, std::size_t begin, std::size_t end) {
  const std::string_view authority = text.substr(begin, end - begin);
  const std::size_t colon = authority.find(':');
  if (colon == std::string_view::npos || authority.find_first_of("@[") != std::string_view::npos ||
      skip(authority, colon + 1, ascii::is_digit) == authority.size()) {
    return end;
  }
  constexpr std::size_t longest = 256;
  const std::string_view rest = text.substr(end, longest);
  const std::size_t sign = rest.substr(0, rest.find_first_of(" \t\r\n\"'<>,;")).find('@');
  return sign == std::string_view::npos ? end : end + sign + 1;
}

}  // namespace

void secrets(std::string& text) {
  private_keys(text);
  const std::string_view view = text;
  Rewrite rewrite(text);
  for (std::size_t place = 0; place < view.size();) {
    std::size_t end = place;
    if (view[place] == '_') end = pass_client_secret(view, place, rewrite);
    if (is_letter(view[place]) && !is_alnum(before(view, place))) {
      end = pass_prefixed_key(view, place, rewrite);
      if (end == place) end = pass_jwt(view, place, rewrite);
      if (end == place) end = pass_credentials(view, place, rewrite);
    }
    place = std::max(end, place + 1);
  }
  rewrite.finish();
}

void url_users(std::string& text) {
  const std::string_view view = text;
  Rewrite rewrite(text);
  for (std::size_t place = 0; (place = view.find("://", place)) != std::string_view::npos;) {
    const std::size_t begin = place + 3;
    const auto in_authority = [](char c) {
      return !is_space(c) && std::string_view("/?#\"'<>\\").find(c) == std::string_view::npos;
    };
    std::size_t end = skip(view, begin, in_authority);
    end = end_of_odd_password(view, begin, end);
    const std::string_view authority = view.substr(begin, end - begin);
    place = end;
    const std::size_t sign = authority.rfind('@');
    if (sign == std::string_view::npos || sign == 0) continue;
    const std::string_view user = authority.substr(0, authority.find(':'));
    // A user alone is often a token; one with an @ is somebody's address.
    const bool shown = user.size() < sign && user.find('@') == std::string_view::npos;
    rewrite.replace(begin, begin + sign, shown ? std::string(user) + ":****" : "****");
  }
  rewrite.finish();
}

std::string secret(std::string_view value) {
  if (value.size() == 8 && value.substr(0, 4) == "****") return std::string(value);
  return stars_and_tail(value, 16);
}

std::string authorization(std::string_view value) {
  const std::size_t scheme = skip(value, 0, is_letter);
  const std::size_t begin = skip(value, scheme, is_blank);
  if (scheme == 0 || begin == scheme || begin == value.size()) return secret(value);
  return std::string(value.substr(0, begin)) + secret(value.substr(begin));
}

}  // namespace nodeops::mask
