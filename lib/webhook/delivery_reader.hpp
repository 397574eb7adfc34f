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
  std::string headers = {};  ///< of one body: lines "Name: value"
};

/// Reads deliveries, one after the other. Holds one of them, however long lines and files are.
///
/// A line is an event, which is then the raw body, or a captured delivery:
/// {"headers":{…},"body":"…" or "body_base64":"…","received_at":unix}
/// Blank lines, a byte order mark in front and CRs at line ends are left out.
class DeliveryReader {
 public:
  DeliveryReader(std::vector<DeliveryInput> inputs, std::size_t largest_body)
      : inputs_(std::move(inputs)), largest_body_(largest_body) {}

  /// The next one; empty at the end of the last input. What cannot be read as a delivery is one
  /// with `unreadable`. Throws AppError of a source.
  std::optional<Delivery> next();

  /// False when next() would wait for more of a live input.
  bool ready();

 private:
  bool open_next();
  bool read_more();
  std::size_t line_limit() const;
  std::optional<Delivery> next_line();
  std::optional<Delivery> whole_body();
  void take_captured(Delivery& delivery);
  void take_members(Delivery& delivery);
  void skip_long_line();
  Delivery numbered(const std::string& place);

  std::vector<DeliveryInput> inputs_;
  std::size_t largest_body_;
  std::size_t opened_ = 0;
  std::unique_ptr<ByteSource> source_;
  bool ended_ = false;  ///< the source has no more
  std::string buffer_;
  std::size_t begin_ = 0;  ///< of what has not been taken
  std::size_t seen_ = 0;   ///< up to here there is no line end
  std::uint64_t line_ = 0;
  std::uint64_t number_ = 0;
  JsonDocument document_;
};

}  // namespace nodeops::webhook
