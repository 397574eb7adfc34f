// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/io.hpp"
#include "webhook/delivery.hpp"
#include "webhook/json_document.hpp"

namespace nodeops::webhook {

/// One input of deliveries.
struct DeliveryInput {
  std::string name;
  std::function<std::unique_ptr<ByteSource>()> open;
  bool is_one_body = false;  ///< the whole of it is one raw body; else a delivery per line
  bool is_live = false;      ///< it may have nothing to say for a while when it is opened
  std::string headers = {};  ///< of one body: lines "Name: value"; it is then nothing but a body
};

/// Reads deliveries, one after the other. Holds one of them, however long lines and files are.
///
/// A line is an event, which is then the raw body, or a captured delivery:
/// {"headers":{…},"body":"…" or "body_base64":"…","received_at":unix}
/// Blank lines, a byte order mark in front and CRs at line ends are left out.
///
/// A file that is one body without headers may be such a delivery too, or hold several, each as a
/// line would: an array that begins with an event or a delivery, or an object with "object":"list"
/// and them in "data".
class DeliveryReader {
 public:
  DeliveryReader(std::vector<DeliveryInput> inputs, std::size_t largest_body)
      : inputs_(std::move(inputs)), largest_body_(largest_body) {}

  /// The next one; empty at the end of the last input. What cannot be read as a delivery is one
  /// with `unreadable`. Throws AppError of a source.
  std::optional<Delivery> next();

  /// False when next() would wait for more of a live input. Inputs that are no such ones may be
  /// opened to find that out. Throws as next() does.
  bool ready();

 private:
  /// What an input holds. `unknown`: a file that has not been looked into; `rest`: what stands
  /// behind an array; `done`: all is taken.
  enum class Form { lines, unknown, body, array, list, rest, done };

  /// What comes next of an open source.
  enum class Ahead { delivery, a_wait, nothing };

  bool open_next();
  bool read_more();
  std::size_t line_limit() const;
  std::optional<Delivery> next_line();
  std::optional<Delivery> next_of_file();
  Form find_form();
  Ahead look_ahead();
  bool begins_with_delivery(std::size_t from);
  bool find_list();
  std::size_t first_word(std::size_t from);
  Delivery whole_body();
  Delivery next_element();
  std::optional<Delivery> behind_array();
  void take_body(Delivery& delivery);
  void skip_long_line();
  Delivery numbered(const std::string& place);

  std::vector<DeliveryInput> inputs_;
  std::size_t largest_body_;
  std::size_t opened_ = 0;
  std::unique_ptr<ByteSource> source_;
  Form form_ = Form::lines;
  bool ended_ = false;  ///< the source has no more
  std::string buffer_;
  std::size_t begin_ = 0;  ///< of what has not been taken
  std::size_t seen_ = 0;   ///< up to here there is no line end
  std::uint64_t line_ = 0;
  std::uint64_t element_ = 0;
  std::uint64_t number_ = 0;
  JsonDocument document_;
};

}  // namespace nodeops::webhook
