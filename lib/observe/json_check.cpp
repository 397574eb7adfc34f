// SPDX-License-Identifier: MIT
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "observe/json_object.hpp"

namespace nodeops {

/// Checked as it is read, with nothing kept: bodies are of megabytes, and somebody waits.
bool is_json(std::string_view text) {
  // Numbers are not converted; what is nested deep does not recurse.
  constexpr unsigned how = rapidjson::kParseValidateEncodingFlag | rapidjson::kParseIterativeFlag |
                           rapidjson::kParseNumbersAsStringsFlag;
  // The reader takes a NUL for the end.
  if (text.find('\0') != std::string_view::npos) return false;
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::BaseReaderHandler<> nobody;
  rapidjson::Reader reader;
  return !reader.Parse<how>(stream, nobody).IsError();
}

}  // namespace nodeops
