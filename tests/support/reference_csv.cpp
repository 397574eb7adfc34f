// SPDX-License-Identifier: MIT
#include "support/reference_csv.hpp"

#include <utility>

namespace nodeops::test {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

class ReferenceReader {
 public:
  ReferenceReader(std::string_view text, const ReferenceDialect& dialect)
      : text_(text), dialect_(dialect) {}

  ReferenceText read() {
    ReferenceText result;
    if (text_.substr(0, byte_order_mark.size()) == byte_order_mark) {
      result.byte_order_mark = true;
      at_ = byte_order_mark.size();
    }
    while (at_ < text_.size()) result.records.push_back(read_record());
    return result;
  }

 private:
  enum class State { field_start, unquoted, quoted, quote_in_quoted };

  ReferenceRecord read_record() {
    ReferenceRecord record;
    record.offset = at_;
    record.line = line_;
    begin_field();
    while (at_ < text_.size()) {
      const std::size_t end_size = state_ == State::quoted ? 0 : record_end_size();
      if (end_size > 0) {
        record.end = text_.substr(at_, end_size);
        break;
      }
      if (state_ != State::quoted && text_[at_] == dialect_.delimiter) {
        record.fields.push_back(std::move(field_));
        ++at_;
        begin_field();
      } else {
        take(text_[at_]);
      }
    }
    if (state_ == State::quoted) {
      record.unterminated = true;
      record.quote_line = quote_line_;
    }
    record.fields.push_back(std::move(field_));
    record.last_line = line_;
    at_ += record.end.size();
    if (!record.end.empty()) ++line_;
    return record;
  }

  void begin_field() {
    field_ = {};
    field_.offset = at_;
    state_ = State::field_start;
  }

  /// How many bytes of a record's end stand here, 0 if none do.
  std::size_t record_end_size() const {
    const char here = text_[at_];
    if (dialect_.newline == ReferenceDialect::Newline::cr) return here == '\r' ? 1 : 0;
    if (here == '\n') return 1;
    return here == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n' ? 2 : 0;
  }

  void take(char c) {
    const bool quote = dialect_.quote && c == *dialect_.quote;
    field_.raw += c;
    ++at_;
    switch (state_) {
      case State::field_start:
        if (quote) {
          field_.was_quoted = true;
          quote_line_ = line_;
          state_ = State::quoted;
        } else {
          field_.value += c;
          state_ = State::unquoted;
        }
        break;
      case State::unquoted:
        field_.value += c;
        break;
      case State::quoted:
        if (quote) {
          state_ = State::quote_in_quoted;
        } else {
          field_.value += c;
        }
        break;
      case State::quote_in_quoted:
        field_.value += c;
        state_ = quote ? State::quoted : State::unquoted;
        break;
    }
    const char line_mark = dialect_.newline == ReferenceDialect::Newline::cr ? '\r' : '\n';
    if (c == line_mark) ++line_;
  }

  std::string_view text_;
  ReferenceDialect dialect_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t quote_line_ = 0;
  State state_ = State::field_start;
  ReferenceField field_;
};

}  // namespace

std::string ReferenceRecord::raw(char delimiter) const {
  std::string text;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) text += delimiter;
    text += fields[i].raw;
  }
  return text;
}

ReferenceText parse_reference(std::string_view text, const ReferenceDialect& dialect) {
  return ReferenceReader(text, dialect).read();
}

std::vector<std::vector<std::string>> reference_values(const ReferenceText& text) {
  std::vector<std::vector<std::string>> values;
  for (const ReferenceRecord& record : text.records) {
    std::vector<std::string>& row = values.emplace_back();
    for (const ReferenceField& field : record.fields) row.push_back(field.value);
  }
  return values;
}

std::string join_reference(const ReferenceText& text, const ReferenceDialect& dialect) {
  std::string joined(text.byte_order_mark ? byte_order_mark : "");
  for (const ReferenceRecord& record : text.records) {
    joined += record.raw(dialect.delimiter) + record.end;
  }
  return joined;
}

}  // namespace nodeops::test
