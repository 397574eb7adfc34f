// SPDX-License-Identifier: MIT
// Whatever stands in headers and bodies, a signature is good or refused with 401; the reader makes
// deliveries of any bytes, the same ones however they arrive.
#include <string>

#include "fuzz_input.hpp"
#include "webhook/delivery_reader.hpp"
#include "webhook/signature.hpp"

using namespace nodeops::webhook;
using nodeops::fuzz::require;

namespace {

void try_header(Scheme scheme, const std::string& secret, const Delivery& delivery) {
  SignatureVerifier verifier(scheme, {secret}, std::chrono::seconds(300));
  try {
    verifier.verify(delivery, 1756700000);
    require(false, "nobody guesses a signature");
  } catch (const DeliveryError& error) {
    require(error.problem().status == 401, "a signature is refused with 401");
  }
}

std::string bodies(std::string_view text, std::size_t piece) {
  constexpr std::size_t largest = 64;
  DeliveryReader reader(
      {{.name = "in",
        .open = [&] { return std::make_unique<nodeops::MemorySource>(text, piece); }}},
      largest);
  std::string all;
  while (const auto delivery = reader.next()) {
    require(delivery->body.size() <= largest, "no body is longer than allowed");
    all += delivery->place + "|" + delivery->body + (delivery->unreadable ? "!\n" : "\n");
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  Delivery delivery;
  delivery.body = "{}";
  delivery.headers = {{"stripe-signature", text},
                      {"x-hub-signature-256", text},
                      {"webhook-id", "msg_1"},
                      {"webhook-timestamp", text.substr(0, text.find(' '))},
                      {"webhook-signature", text}};
  try_header(Scheme::stripe, "secret", delivery);
  try_header(Scheme::github, "secret", delivery);
  try_header(Scheme::standard, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", delivery);
  require(bodies(text, 3) == bodies(text, 4096), "pieces do not matter");
  return 0;
}
