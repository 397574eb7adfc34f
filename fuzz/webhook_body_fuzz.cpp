// SPDX-License-Identifier: MIT
// Any bytes are an event or are refused with 400 or 422; what is an event is the same event when
// its JSON is written anew, and every cut of its text is refused.
#include <string>

#include "fuzz_input.hpp"
#include "webhook/event.hpp"
#include "webhook/json_document.hpp"
#include "webhook/problem.hpp"

using namespace nodeops::webhook;
using nodeops::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  EventParser parser;
  try {
    const Event event = parser.parse(body);
    require(!event.id.empty() && event.amount >= 0, "an event has an id and no negative amount");
    const Event again = parser.parse(" \n" + std::string(body) + "\t ");
    require(again.fingerprint == event.fingerprint, "white space around changes nothing");
  } catch (const DeliveryError& error) {
    const int status = error.problem().status;
    require(status == 400 || status == 422, "a body is refused with 400 or 422");
  }
  JsonDocument document;
  try {
    document.read(body);
    std::string canonical;
    document.append_canonical(canonical, 0);
    require(!canonical.empty(), "every value has a canonical form");
  } catch (const DeliveryError& error) {
    require(error.problem().status == 400, "what is no JSON is 400");
  }
  return 0;
}
