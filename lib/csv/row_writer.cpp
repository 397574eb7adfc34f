// SPDX-License-Identifier: MIT
#include "csv/row_writer.hpp"

#include <cassert>
#include <cstring>

#include "csv/copy_bytes.hpp"
#include "observe/utf8.hpp"

namespace nodeops::csv {
namespace {

/// What must be looked at before a text can stand in a line of COPY.
struct Look {
  bool plain = true;  ///< no control character, no backslash
  bool ascii = true;
};

/// A loop that compilers make wide: bytes stay bytes.
Look look_at(std::string_view text) {
  unsigned char special = 0;
  unsigned char all = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const auto odd = static_cast<unsigned char>(byte < 0x20 || byte == '\\' ? 1 : 0);
    special = static_cast<unsigned char>(special | odd);
    all = static_cast<unsigned char>(all | byte);
  }
  return {.plain = special == 0, .ascii = all < 0x80};
}

char* copy_escaped(char* to, std::string_view text) {
  for (const char c : text) {
    const char* const letters = "\\\\\nn\rr\tt";
    const char* letter = letters;
    while (*letter != '\0' && *letter != c) letter += 2;
    if (*letter == '\0') {
      *to++ = c;
    } else {
      *to++ = '\\';
      *to++ = letter[1];
    }
  }
  return to;
}

}  // namespace

/// Looks at a value that is neither text nor NULL, and puts what the database expects in its place.
bool RowWriter::check(const RunPlan& plan, std::size_t at, std::string_view& value) {
  const ColumnType type = plan.rows.types[at];
  why_ = misfit(type, value);
  if (why_ != nullptr) {
    if (value.empty()) why_ = "empty, but no text; see --empty-as-null";
    return false;
  }
  if (plan.rows.encoding != RowEncoding::values) return true;
  // SQLite keeps booleans as numbers, and 15 digits of what is no integer.
  if (type == ColumnType::boolean) value = means_true(value) ? "1" : "0";
  constexpr std::size_t exact = 15;
  if (type != ColumnType::numeric || significant_digits(value) <= exact ||
      misfit(ColumnType::integer, value) == nullptr)
    return true;
  why_ = "more than 15 digits, which SQLite would round";
  return false;
}

/// The values of the output's columns; how much room they take at most. Empty: one does not fit.
std::optional<std::size_t> RowWriter::collect(const RunPlan& plan, const RecordFields& fields,
                                              const Record& record, Scratch& scratch) {
  const auto& output = plan.program.output;
  // One look at a whole record is less than one at each of its fields.
  const std::string_view raw(record.begin, record.size());
  const bool copies = plan.rows.encoding == RowEncoding::copy_text;
  const Look whole = copies ? look_at(raw) : Look{};
  const bool clean = whole.plain && whole.ascii;
  const auto stands_in_record = [&](std::string_view text) {
    return text.data() >= raw.data() && text.data() + text.size() <= raw.data() + raw.size();
  };
  values_.resize(output.size());
  std::size_t most = sizeof(RowHead) + output.size() * sizeof(std::uint32_t);
  for (std::size_t i = 0; i < output.size(); ++i) {
    Value& value = values_[i];
    column_ = output[i];
    value.text = fields.value(column_, plan.input, scratch);
    value.null = value.text.empty() && plan.rows.empty_as_null;
    value.plain = true;
    if (plan.rows.types[i] != ColumnType::text && !value.null && !check(plan, i, value.text))
      return std::nullopt;
    most += value.text.size();
    if (!copies || (clean && stands_in_record(value.text))) continue;
    const Look look = look_at(value.text);
    value.plain = look.plain;
    if (!look.plain && value.text.find('\0') != std::string_view::npos) {
      why_ = "holds a NUL byte, which PostgreSQL cannot";
      return std::nullopt;
    }
    if (!look.ascii && !utf8::is_valid(value.text)) {
      why_ = "not valid UTF-8, which PostgreSQL cannot hold";
      return std::nullopt;
    }
    if (!look.plain) most += value.text.size();
  }
  return most;
}

/// The common case of rows for COPY: a record that only needs other delimiters. Null: not so here.
char* RowWriter::copy_whole(const RunPlan& plan, const RecordFields& fields, const Record& record,
                            char* to) {
  const std::string_view raw(record.begin, record.size());
  if (!fields.changed().empty()) return nullptr;
  const Look look = look_at(raw);
  if (!look.plain || !look.ascii) return nullptr;
  if (plan.input.quoting && raw.find(plan.input.quote) != std::string_view::npos) return nullptr;
  copy_exactly(to, raw);
  for (const std::size_t column : plan.program.output) {
    const std::string_view field = fields.raw(column);
    to[field.data() + field.size() - raw.data()] = '\t';
  }
  to[raw.size()] = '\n';
  return to + raw.size() + 1;
}

char* RowWriter::encode_for_copy(char* to) const {
  assert(to != nullptr);
  for (const Value& value : values_) {
    if (value.null) {
      *to++ = '\\';
      *to++ = 'N';
    } else {
      to = value.plain ? copy_exactly(to, value.text) : copy_escaped(to, value.text);
    }
    *to++ = '\t';
  }
  to[-1] = '\n';
  return to;
}

char* RowWriter::encode_values(char* to) const {
  for (const Value& value : values_) {
    const auto size = value.null ? null_length : static_cast<std::uint32_t>(value.text.size());
    std::memcpy(to, &size, sizeof size);
    to = copy_exactly(to + sizeof size, value.text);
  }
  return to;
}

bool RowWriter::write(const RunPlan& plan, const Record& record, const RecordFields& fields,
                      Place place, Block& block) {
  const std::size_t kept =
      plan.rows.keep_originals ? static_cast<std::size_t>(record.end - record.begin) : 0;
  char* start = nullptr;
  char* to = nullptr;
  if (plan.rows.copies_whole) {
    start = block.output.room(sizeof(RowHead) + record.size() + 1 + kept);
    to = copy_whole(plan, fields, record, start + sizeof(RowHead));
  }
  if (to == nullptr) {
    const auto most = collect(plan, fields, record, block.scratch);
    if (!most) return false;
    start = block.output.room(*most + kept);
    to = plan.rows.encoding == RowEncoding::copy_text ? encode_for_copy(start + sizeof(RowHead))
                                                      : encode_values(start + sizeof(RowHead));
  }
  char* const row = start + sizeof(RowHead);
  const RowHead head{.size = static_cast<std::uint32_t>(to - row),
                     .original_size = static_cast<std::uint32_t>(kept),
                     .line = place.line,
                     .offset = place.offset};
  std::memcpy(start, &head, sizeof head);
  to = copy_exactly(to, {record.begin, kept});
  block.output.wrote(static_cast<std::size_t>(to - start));
  return true;
}

}  // namespace nodeops::csv
