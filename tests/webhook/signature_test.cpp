// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "core/error.hpp"
#include "webhook/base64.hpp"
#include "webhook/signature.hpp"

using namespace nodeops;
using namespace nodeops::webhook;

namespace {

constexpr std::int64_t now = 1756700000;
const std::string secret = "whsec_test";

std::string hex(const std::array<unsigned char, HmacSha256::size>& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string code(const std::string& message, const std::string& key = secret) {
  return hex(HmacSha256(key).of(message));
}

using Headers = std::vector<std::pair<std::string, std::string>>;

/// The type of the problem; empty: it is good.
std::string refused(Scheme scheme, const std::string& body, const Headers& headers,
                    const std::vector<std::string>& secrets = {secret}, std::int64_t at = now) {
  SignatureVerifier verifier(scheme, secrets, std::chrono::seconds(300));
  Delivery delivery;
  delivery.body = body;
  delivery.headers = headers;
  try {
    verifier.verify(delivery, at);
  } catch (const DeliveryError& error) {
    CHECK(error.problem().status == 401);
    return error.problem().type;
  }
  return "";
}

std::string stripe(const std::string& header, std::int64_t at = now) {
  return refused(Scheme::stripe, "{}", {{"stripe-signature", header}}, {secret}, at);
}

}  // namespace

TEST_CASE("a Stripe signature is good up to 300 s on both sides, and not a second longer") {
  const std::string header = "t=1756700000,v1=" + code("1756700000.{}");
  for (const std::int64_t late : {-300, 0, 300}) CHECK(stripe(header, now + late).empty());
  for (const std::int64_t late : {-301, 301})
    CHECK(stripe(header, now + late) == "stale-signature");
}

TEST_CASE("of several v1 any may fit, v0 never counts") {
  const std::string good = code("1756700000.{}");
  const std::string bad(64, '0');
  CHECK(stripe("t=1756700000,v1=" + bad + ",v1=" + good).empty());
  CHECK(stripe("t=1756700000,v1=" + bad + ",v0=" + good) == "bad-signature");
  CHECK(stripe("t=1756700000,v0=" + good) == "bad-signature");
}

TEST_CASE("malformed headers are bad signatures, never anything else") {
  const std::string good = code("1756700000.{}");
  const std::vector<std::string> headers = {
      "",
      ",,,",
      "t=",
      "v1=" + good,
      "t=1756700000,v1=",
      "t=1756700000,v1=\xff",
      "t=1756700000,t=1756700000,v1=" + good,
      "t=x1756700000,v1=" + good,
      "t=1756700000 ,v1=" + good,
      "t=-1,v1=" + code("-1.{}"),
      "t=1756700000,v1=" + good + "=x",
      "t=99999999999999999999999,v1=" + code("99999999999999999999999.{}")};
  for (const std::string& header : headers) {
    CAPTURE(header);
    CHECK(stripe(header) == "bad-signature");
  }
  CHECK(refused(Scheme::stripe, "{}", {}) == "missing-signature");
}

TEST_CASE("several secrets are a rotation") {
  const std::string header = "t=1756700000,v1=" + code("1756700000.{}", "old");
  CHECK(refused(Scheme::stripe, "{}", {{"stripe-signature", header}}, {"new", "old"}).empty());
  CHECK(refused(Scheme::stripe, "{}", {{"stripe-signature", header}}, {"new"}) == "bad-signature");
}

TEST_CASE("Standard Webhooks: the key is base64, the id and time are signed too") {
  const std::string key(24, 'k');
  const std::vector<std::string> secrets = {"whsec_" + base64(key)};
  const auto bytes = HmacSha256(key).of("msg_1.1756700000.{}");
  const std::string good =
      "v1," + base64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  const auto with = [&](const std::string& id, const std::string& list) {
    return refused(
        Scheme::standard, "{}",
        {{"webhook-id", id}, {"webhook-timestamp", "1756700000"}, {"webhook-signature", list}},
        secrets);
  };
  CHECK(with("msg_1", good).empty());
  CHECK(with("msg_1", "v1,AAAA " + good).empty());
  CHECK(with("msg_2", good) == "bad-signature");
  CHECK(with("msg.1", good) == "bad-signature");
  CHECK(with("msg_1", "v2" + good.substr(2)) == "bad-signature");
  CHECK_THROWS_AS(SignatureVerifier(Scheme::standard, {"whsec_short"}, std::chrono::seconds(1)),
                  AppError);
}

TEST_CASE("GitHub signs the body alone") {
  // The example of GitHub's documentation.
  CHECK(refused(Scheme::github, "Hello, World!",
                {{"x-hub-signature-256",
                  "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}},
                {"It's a Secret to Everybody"})
            .empty());
  CHECK(refused(Scheme::github, "", {{"x-hub-signature-256", "sha256=" + code("")}}) ==
        "bad-signature");
  CHECK(refused(Scheme::github, "{}", {{"x-hub-signature-256", code("{}")}}) == "bad-signature");
}

TEST_CASE("base64 is strict") {
  CHECK(from_base64("aGk=") == "hi");
  CHECK(from_base64(base64(std::string("\0\xff\x80", 3))) == std::string("\0\xff\x80", 3));
  for (const auto* bad : {"aGk", "aGl=", "a_k=", "aG=k", "aGk= ", "====", "a"})
    CHECK_FALSE(from_base64(bad));
}

TEST_CASE("of a signature's header that comes several times one value must be good") {
  const std::string good = "t=1756700000,v1=" + code("1756700000.{}");
  const std::string bad = "t=1756700000,v1=" + code("1756700000.{}", "other");
  const auto stripe_of = [](const std::string& one, const std::string& other) {
    return refused(Scheme::stripe, "{}", {{"stripe-signature", one}, {"stripe-signature", other}});
  };
  CHECK(stripe_of(bad, good).empty());
  CHECK(stripe_of(good, bad).empty());
  CHECK(stripe_of(bad, "") == "bad-signature");
  // The time of one value does not go with the code of another.
  CHECK(stripe_of("t=1756700000", "v1=" + code("1756700000.{}")) == "bad-signature");
  CHECK(refused(
            Scheme::github, "{}",
            {{"x-hub-signature-256", "sha256=00"}, {"x-hub-signature-256", "sha256=" + code("{}")}})
            .empty());
}
