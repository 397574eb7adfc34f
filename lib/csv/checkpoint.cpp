// SPDX-License-Identifier: MIT
#include "csv/checkpoint.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "observe/json_object.hpp"
#include "stream/digest.hpp"

namespace nodeops::csv {
namespace {

using nlohmann::json;

constexpr int format = 1;
constexpr std::string_view digest_line = "\nsha256 ";

template <class Items, class Text>
std::string array_of(const Items& items, Text text) {
  std::string array = "[";
  for (const auto& item : items) {
    if (array.size() > 1) array += ',';
    array += text(item);
  }
  return array + "]";
}

std::string input_text(const Checkpoint::Input& input) {
  return JsonObject()
      .add("path", input.path)
      .add("size", input.identity.size)
      .add("modified_ns", input.identity.modified_ns)
      .add("first", input.identity.first)
      .add("last", input.identity.last)
      .text();
}

std::string output_text(const Checkpoint::Output& output) {
  return JsonObject()
      .add("option", output.option)
      .add("path", output.path)
      .add("bytes", output.bytes)
      .add("tail", output.tail)
      .text();
}

JsonObject position_object(const Position& position) {
  return JsonObject()
      .add("input", position.input)
      .add("offset", position.offset)
      .add("line", position.line)
      .add("bytes", position.bytes)
      .add("records", position.records)
      .add("written", position.written)
      .add("refused", position.refused)
      .add("filtered", position.filtered)
      .add("on_grid", position.on_grid);
}

JsonObject load_object(const Checkpoint::Load& load) {
  return JsonObject()
      .add("run", load.run)
      .add("passed", load.passed)
      .add("bytes", load.bytes)
      .add("done", load.done);
}

std::string hex_digest(std::string_view text) {
  Sha256 digest;
  digest.update(text);
  return digest.hex();
}

/// Reads members of one object; throws what json throws when one is missing or of another type.
class Members {
 public:
  explicit Members(const json& object) : object_(object) {}
  std::uint64_t number(const char* key) const {
    return object_.at(key).get_ref<const json::number_unsigned_t&>();
  }
  std::string text(const char* key) const { return object_.at(key).get_ref<const std::string&>(); }
  const json& array(const char* key) const {
    return object_.at(key).get_ref<const json::array_t&>(), object_.at(key);
  }
  const json& at(const char* key) const { return object_.at(key); }

 private:
  const json& object_;
};

Checkpoint::Input read_input(const json& object) {
  const Members members(object);
  return {.path = members.text("path"),
          .identity = {
              .size = members.number("size"),
              .modified_ns = members.at("modified_ns").get_ref<const json::number_integer_t&>(),
              .first = members.text("first"),
              .last = members.text("last")}};
}

Checkpoint::Output read_output(const json& object) {
  const Members members(object);
  return {.option = members.text("option"),
          .path = members.text("path"),
          .bytes = members.number("bytes"),
          .tail = members.text("tail")};
}

Position read_position(const json& object) {
  const Members members(object);
  return {.input = static_cast<std::size_t>(members.number("input")),
          .offset = members.number("offset"),
          .line = members.number("line"),
          .bytes = members.number("bytes"),
          .records = members.number("records"),
          .written = members.number("written"),
          .refused = members.number("refused"),
          .filtered = members.number("filtered"),
          .on_grid = members.at("on_grid").get<bool>()};
}

Checkpoint::Load read_load(const json& object) {
  const Members members(object);
  return {.run = members.text("run"),
          .passed = members.number("passed"),
          .bytes = members.number("bytes"),
          .done = members.at("done").get<bool>()};
}

Checkpoint read_object(const json& object) {
  const Members members(object);
  Checkpoint read;
  read.version = members.text("version");
  for (const json& input : members.array("inputs")) read.inputs.push_back(read_input(input));
  for (const json& option : members.array("options")) {
    read.options.emplace_back(option.at(0).get<std::string>(), option.at(1).get<std::string>());
  }
  read.block_size = members.number("block_size");
  read.grid = members.number("grid");
  read.stage =
      members.text("stage") == "placing" ? Checkpoint::Stage::placing : Checkpoint::Stage::running;
  read.position = read_position(members.at("position"));
  for (const json& output : members.array("outputs")) read.outputs.push_back(read_output(output));
  read.bytes_read = members.number("bytes_read");
  read.digests = members.text("digests");
  if (object.contains("load")) read.load = read_load(members.at("load"));
  return read;
}

/// The name of a run becomes a part of a table's name.
bool is_run(std::string_view name) {
  constexpr std::size_t digits = 16;
  return name.size() == digits &&
         name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// What is not so in any checkpoint that a run has written.
bool is_sound(const Checkpoint& read) {
  constexpr std::uint64_t least_block = 64;
  constexpr std::uint64_t largest_block = 256 << 20;
  const Position& at = read.position;
  return read.block_size >= least_block && read.block_size <= largest_block && read.grid > 0 &&
         at.input <= read.inputs.size() && (at.input < read.inputs.size() || at.offset == 0) &&
         at.line >= 1 && (read.digests.empty() || is_json(read.digests)) &&
         (!read.load || is_run(read.load->run));
}

/// How an option and its value are other ones.
std::string change(const std::pair<std::string, std::string>& was,
                   const std::pair<std::string, std::string>& is) {
  const auto& [option, value] = was;
  const auto& [other, new_value] = is;
  if (option == other) return option + " was '" + value + "', is '" + new_value + "'";
  return option + " '" + value + "' stood where " + other + " '" + new_value + "' is";
}

}  // namespace

std::string checkpoint_text(const Checkpoint& checkpoint) {
  const bool placing = checkpoint.stage == Checkpoint::Stage::placing;
  JsonObject object = JsonObject()
                          .add("nodeops_checkpoint", format)
                          .add("version", checkpoint.version)
                          .add_json("inputs", array_of(checkpoint.inputs, input_text))
                          .add_json("options", array_of(checkpoint.options,
                                                        [](const auto& option) {
                                                          return "[" + json_quoted(option.first) +
                                                                 "," + json_quoted(option.second) +
                                                                 "]";
                                                        }))
                          .add("block_size", checkpoint.block_size)
                          .add("grid", checkpoint.grid)
                          .add("stage", std::string(placing ? "placing" : "running"))
                          .add("position", position_object(checkpoint.position))
                          .add_json("outputs", array_of(checkpoint.outputs, output_text))
                          .add("bytes_read", checkpoint.bytes_read)
                          .add("digests", checkpoint.digests);
  if (checkpoint.load) object.add("load", load_object(*checkpoint.load));
  const std::string text = object.text();
  return text + std::string(digest_line) + hex_digest(text) + "\n";
}

Checkpoint read_checkpoint(std::string_view text, const std::string& name) {
  const auto refuse = [&name](const char* what) {
    return AppError(ErrorKind::bad_data, name + ": " + what, "remove it to start anew");
  };
  if (!text.starts_with(checkpoint_start)) throw refuse("is no checkpoint");
  const auto line = text.find('\n');
  const std::string_view object = text.substr(0, line);
  if (line == std::string_view::npos ||
      text.substr(line) != std::string(digest_line) + hex_digest(object) + "\n") {
    throw refuse("the checkpoint is damaged");
  }
  // No checkpoint is nested more deeply, and what reads JSON need not be asked to.
  constexpr int deepest = 3;
  const auto shallow = [&](int depth, json::parse_event_t, json&) {
    if (depth > deepest) throw refuse("the checkpoint is damaged");
    return true;
  };
  try {
    const json parsed = json::parse(object, shallow);
    if (parsed.at("nodeops_checkpoint") != format)
      throw refuse("the checkpoint is of another version of nodeops");
    Checkpoint read = read_object(parsed);
    if (!is_sound(read)) throw refuse("the checkpoint makes no sense");
    return read;
  } catch (const json::exception&) {
    throw refuse("the checkpoint is damaged");
  }
}

std::string difference(const Checkpoint& then, const Checkpoint& now) {
  if (then.version != now.version) {
    return "it was made by '" + then.version + "', this is '" + now.version + "'";
  }
  for (std::size_t i = 0; i < std::max(then.inputs.size(), now.inputs.size()); ++i) {
    const std::string number = "input " + std::to_string(i + 1);
    if (i >= then.inputs.size()) return number + ", " + now.inputs[i].path + ", was not there";
    if (i >= now.inputs.size()) return number + ", " + then.inputs[i].path + ", is missing";
    const auto& was = then.inputs[i];
    const auto& is = now.inputs[i];
    if (was.path != is.path) return number + " was " + was.path + ", is " + is.path;
    const std::string changed = change(was.identity, is.identity);
    if (!changed.empty()) return is.path + " has changed: " + changed;
  }
  for (std::size_t i = 0; i < std::max(then.options.size(), now.options.size()); ++i) {
    if (i >= then.options.size())
      return now.options[i].first + " '" + now.options[i].second + "' was not given";
    if (i >= now.options.size())
      return then.options[i].first + " '" + then.options[i].second + "' is missing";
    if (then.options[i] != now.options[i]) return change(then.options[i], now.options[i]);
  }
  return {};
}

}  // namespace nodeops::csv
