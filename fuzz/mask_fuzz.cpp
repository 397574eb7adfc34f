// SPDX-License-Identifier: MIT
// Whatever stands around them, no card number, e-mail address or token gets through the mask, and a
// person's value never comes out as it went in.
#include <array>
#include <string>

#include "fuzz_input.hpp"
#include "observe/mask.hpp"

using nodeops::fuzz::require;

namespace {

constexpr std::array<std::string_view, 6> personal = {"4242424242424242",
                                                      "5555 5555 5555 4444",
                                                      "jo.doe@example.com",
                                                      "3782-822463-10005",
                                                      "sk_live_4eC39HqLyjWDarjtT1zdp7",
                                                      "DE89370400440532013000"};

void try_around(const std::string& before, const std::string& behind) {
  for (const std::string_view secret : personal) {
    const std::string text = before + " \"" + std::string(secret) + "\" " + behind;
    const std::string kept = std::string("\"") + std::string(secret) + "\"";
    require(nodeops::mask_text(text).find(kept) == std::string::npos, "nothing gets through");
    require(nodeops::mask_usage(text).find(kept) == std::string::npos,
            "nothing gets through what users wrote");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const std::string person = nodeops::mask_person(text);
  const bool masked_already = text.find('*') != std::string::npos;
  require(text.empty() ? person.empty() : person != text || masked_already,
          "a person's value never stays");
  require(nodeops::mask_person(std::string(personal[2])).find("jo.doe") == std::string::npos,
          "an address loses its name");
  const bool tells_nothing = text.empty() || text == "null" || text == "true" || text == "false";
  require(nodeops::mask_field("password", text) != text || tells_nothing || masked_already,
          "a secret never stays");
  static_cast<void>(nodeops::mask_text(text));
  try_around(text.substr(0, size / 2), text.substr(size / 2));
  return 0;
}
