// SPDX-License-Identifier: MIT
// DeliveryReader's files that are one body, or one JSON text with several deliveries in it.
#include <algorithm>
#include <cstring>

#include "core/result.hpp"
#include "webhook/captured_delivery.hpp"
#include "webhook/delivery_reader.hpp"

namespace nodeops::webhook {
namespace {

/// Finds the end of an array's element. Looks at brackets, commas and strings alone: the element's
/// parser will say whether it is JSON.
class ElementEnd {
 public:
  /// True when the character stands behind the element: a comma, or the array's own end.
  bool is(char c) {
    if (in_string_) {
      in_string_ = escaped_ || c != '"';
      escaped_ = !escaped_ && c == '\\';
      return false;
    }
    in_string_ = c == '"';
    if (depth_ == 0 && (c == ',' || c == ']')) return true;
    if (c == '{' || c == '[') ++depth_;
    if (depth_ > 0 && (c == '}' || c == ']')) --depth_;
    return false;
  }

 private:
  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
};

}  // namespace

std::optional<Delivery> DeliveryReader::next_of_file() {
  if (form_ == Form::unknown) form_ = find_form();
  switch (form_) {
    case Form::body:
      form_ = Form::done;
      return whole_body();
    case Form::array:
    case Form::list:
      return next_element();
    case Form::rest:
      form_ = Form::done;
      return behind_array();
    default:
      return std::nullopt;
  }
}

/// The first place from there on that is no white space; reads as far as that takes.
std::size_t DeliveryReader::first_word(std::size_t from) {
  constexpr auto blanks = " \t\r\n";
  std::size_t place = buffer_.find_first_not_of(blanks, from);
  while (place == std::string::npos && buffer_.size() < line_limit()) {
    from -= std::min(from, begin_);
    if (!read_more()) break;
    place = buffer_.find_first_not_of(blanks, from);
  }
  return place;
}

DeliveryReader::Form DeliveryReader::find_form() {
  if (!inputs_[opened_ - 1].headers.empty()) return Form::body;
  const std::size_t first = first_word(0);
  if (first != std::string::npos && buffer_[first] == '[') {
    if (!begins_with_delivery(first + 1)) return Form::body;
    begin_ = first + 1;
    return Form::array;
  }
  while (buffer_.size() < line_limit() && read_more()) {
  }
  return ended_ && find_list() ? Form::list : Form::body;
}

/// True when the first element of the array from there on is an event or a captured delivery: any
/// other array is a body, which is no event.
bool DeliveryReader::begins_with_delivery(std::size_t from) {
  ElementEnd end;
  std::size_t at = from;
  while (true) {
    while (at < buffer_.size() && !end.is(buffer_[at])) ++at;
    if (at < buffer_.size()) break;
    if (at >= line_limit() || !read_more()) return false;
  }
  const auto first = std::string_view(buffer_).substr(from, at - from);
  if (!settle([&] { return document_.read(first), true; })) return false;
  const auto object = document_.member(0, "object");
  return (object != 0 && document_.nodes()[object].text == "event") ||
         document_.member(0, "body") != 0 || document_.member(0, "body_base64") != 0;
}

/// True when the buffer is a provider's list; it then begins at the first of its elements.
bool DeliveryReader::find_list() {
  constexpr std::string_view name = "\"list\"";
  if (::memmem(buffer_.data(), buffer_.size(), name.data(), name.size()) == nullptr) return false;
  if (!settle([&] { return document_.read(buffer_), true; })) return false;
  const auto& nodes = document_.nodes();
  const auto object = document_.member(0, "object");
  const auto data = document_.member(0, "data");
  if (object == 0 || nodes[object].text != "list" || data == 0) return false;
  const char* const key = nodes[data].key.data();
  // A key that was written with escapes stands elsewhere; nobody writes a list so.
  if (key < buffer_.data() || key >= buffer_.data() + buffer_.size()) return false;
  begin_ = buffer_.find('[', static_cast<std::size_t>(key - buffer_.data())) + 1;
  if (nodes[data].kind == JsonKind::array && begins_with_delivery(begin_)) return true;
  begin_ = 0;
  return false;
}

Delivery DeliveryReader::whole_body() {
  const DeliveryInput& input = inputs_[opened_ - 1];
  Delivery delivery = numbered(input.name);
  const std::size_t most = input.headers.empty() ? line_limit() : largest_body_;
  while (buffer_.size() <= most && read_more()) {
  }
  if (buffer_.size() > most) {
    delivery.unreadable = too_large(largest_body_);
    return delivery;
  }
  delivery.body = buffer_;
  take_header_lines(delivery, input.headers);
  if (input.headers.empty()) take_body(delivery);
  return delivery;
}

/// One element of an array, as it is written.
Delivery DeliveryReader::next_element() {
  Delivery delivery = numbered(inputs_[opened_ - 1].name + "[" + std::to_string(element_++) + "]");
  ElementEnd end;
  std::size_t at = begin_;
  while (true) {
    while (at < buffer_.size() && !end.is(buffer_[at])) ++at;
    if (at < buffer_.size()) break;
    if (at - begin_ > line_limit()) {
      delivery.unreadable = too_large(largest_body_);
      begin_ = at;
    }
    at -= begin_;
    if (!read_more()) break;
  }
  const bool cut = at == buffer_.size();
  const bool last = cut || buffer_[at] == ']';
  if (last) form_ = form_ == Form::array && !cut ? Form::rest : Form::done;
  if (!delivery.unreadable) {
    delivery.body = trimmed(std::string_view(buffer_).substr(begin_, at - begin_));
    take_body(delivery);
  }
  begin_ = cut ? at : at + 1;
  return delivery;
}

/// Nothing may stand behind an array.
std::optional<Delivery> DeliveryReader::behind_array() {
  if (first_word(begin_) == std::string::npos) return std::nullopt;
  Delivery delivery = numbered(inputs_[opened_ - 1].name);
  delivery.unreadable = no_delivery("something behind the array");
  return delivery;
}

}  // namespace nodeops::webhook
