// SPDX-License-Identifier: MIT
// Writes the sales data that the benchmark runs on: gen_sales --bytes 1G [--seed 1] [--plain]
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/units.hpp"
#include "sales_words.hpp"

namespace nodeops::bench {
namespace {

struct GenerateOptions {
  std::uint64_t bytes = 0;  ///< the data ends with the last record that fits
  std::uint64_t seed = 1;
  bool plain = false;  ///< no quoted field anywhere, so that line splitters read it too
};

constexpr std::string_view header =
    "order_id,customer_name,email,phone,country,product,category,quantity,unit_price,currency,"
    "order_date,notes\n";

/// SplitMix64: small, quick, and the same everywhere.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t roll() {
    std::uint64_t mixed = state_ += 0x9e3779b97f4a7c15U;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31);
  }

 private:
  std::uint64_t state_;
};

/// Cuts one roll into small choices, so that a record costs three rolls.
class Choices {
 public:
  explicit Choices(std::uint64_t bits) : bits_(bits) {}

  std::uint32_t below(std::uint32_t limit) {
    const auto low = static_cast<std::uint32_t>(bits_ & 0xffff);
    bits_ >>= 16;
    return (low * limit) >> 16;
  }

 private:
  std::uint64_t bits_;
};

/// Puts text behind one another into a buffer that is known to be long enough.
class Pen {
 public:
  explicit Pen(char* at) : at_(at) {}

  void text(std::string_view piece) {
    std::memcpy(at_, piece.data(), piece.size());
    at_ += piece.size();
  }
  void mark(char piece) { *at_++ = piece; }

  void number(std::uint64_t value) {
    std::array<char, 20> digits;
    std::size_t first = digits.size();
    do {
      digits[--first] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0);
    text({digits.data() + first, digits.size() - first});
  }

  void two_digits(std::uint32_t value) {
    mark(static_cast<char>('0' + value / 10));
    mark(static_cast<char>('0' + value % 10));
  }

  char* at() const { return at_; }

 private:
  char* at_;
};

/// Which field of a record is quoted, if any: 8 % of the records have one, 0.5 % a newline in it.
enum class Quoted { none, customer, product, note, broken_note };

Quoted choose_quoted(std::uint32_t per_mille) {
  if (per_mille < 5) return Quoted::broken_note;
  if (per_mille < 15) return Quoted::customer;
  if (per_mille < 30) return Quoted::product;
  if (per_mille < 80) return Quoted::note;
  return Quoted::none;
}

std::string_view in_case(const Name& name, std::uint32_t style) {
  if (style < 2) return name.lower;
  return style == 2 ? name.upper : name.proper;
}

void write_customer(Pen& pen, Choices who, Quoted quoted) {
  const Name& first = first_names[who.below(first_names.size())];
  const Name& last = last_names[who.below(last_names.size())];
  const std::uint32_t style = who.below(4);
  if (quoted == Quoted::customer) {
    pen.mark('"');
    pen.text(in_case(last, style));
    pen.text(", ");
    pen.text(in_case(first, style));
    pen.text("\",");
  } else {
    pen.text(in_case(first, style));
    pen.mark(' ');
    pen.text(in_case(last, style));
    pen.mark(',');
  }
  pen.text(first.mailbox);
  pen.mark('.');
  pen.text(last.mailbox);
  pen.number(who.below(1000));
  pen.text("@example.com,");
}

void write_purchase(Pen& pen, Dice& dice, Quoted quoted, const Country& country) {
  Choices what(dice.roll());
  const Product& product = products[what.below(products.size())];
  pen.text(quoted == Quoted::product ? product.quoted : product.name);
  pen.mark(',');
  pen.text(product.category);
  pen.mark(',');
  pen.number(1 + what.below(12));
  pen.mark(',');
  pen.number(1 + what.below(900));
  pen.mark('.');
  pen.two_digits(what.below(100));
  pen.mark(',');
  pen.text(country.currency);
  Choices when(dice.roll());
  pen.text(",202");
  pen.number(when.below(6));
  pen.mark('-');
  pen.two_digits(1 + when.below(12));
  pen.mark('-');
  pen.two_digits(1 + when.below(28));
  pen.mark(',');
  const std::uint32_t which = when.below(1 << 16);
  if (quoted == Quoted::note) {
    pen.text(quoted_notes[which % quoted_notes.size()]);
  } else if (quoted == Quoted::broken_note) {
    pen.text(broken_notes[which % broken_notes.size()]);
  } else {
    pen.text(notes[which % notes.size()]);
  }
  pen.mark('\n');
}

void write_record(Pen& pen, Dice& dice, std::uint64_t order, bool plain) {
  Choices place(dice.roll());
  const Quoted quoted = plain ? Quoted::none : choose_quoted(place.below(1000));
  const Country& country = countries[place.below(countries.size())];
  pen.number(order);
  pen.mark(',');
  write_customer(pen, Choices(dice.roll()), quoted);
  pen.mark('+');
  pen.text(country.dialling_code);
  pen.mark(' ');
  pen.number(100 + place.below(900));
  pen.mark(' ');
  pen.number(100 + place.below(900));
  pen.mark(' ');
  pen.number(1000 + dice.roll() % 9000);
  pen.mark(',');
  pen.text(country.name);
  pen.mark(',');
  write_purchase(pen, dice, quoted, country);
}

bool write_out(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool generate(const GenerateOptions& options) {
  constexpr std::size_t buffer_size = std::size_t{1} << 20;
  constexpr std::size_t longest_record = 1024;
  std::vector<char> buffer(buffer_size + longest_record);
  Dice dice(options.seed);
  std::uint64_t left = options.bytes;
  Pen pen(buffer.data());
  pen.text(header);
  left -= header.size() < left ? header.size() : left;
  for (std::uint64_t order = 1000001;; ++order) {
    char* const start = pen.at();
    write_record(pen, dice, order, options.plain);
    const auto size = static_cast<std::size_t>(pen.at() - start);
    const bool ended = size > left;
    char* const end = ended ? start : pen.at();
    if (ended || end >= buffer.data() + buffer_size) {
      if (!write_out({buffer.data(), static_cast<std::size_t>(end - buffer.data())})) return false;
      if (ended) return true;
      pen = Pen(buffer.data());
    }
    left -= size;
  }
}

/// Empty when the arguments make no sense.
std::optional<GenerateOptions> parse_arguments(const std::vector<std::string>& arguments) {
  GenerateOptions options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--plain") {
      options.plain = true;
    } else if (arguments[i] == "--bytes" && i + 1 < arguments.size()) {
      options.bytes = parse_size(arguments[++i]).value_or(0);
    } else if (arguments[i] == "--seed" && i + 1 < arguments.size()) {
      options.seed = std::strtoull(arguments[++i].c_str(), nullptr, 10);
    } else {
      return std::nullopt;
    }
  }
  if (options.bytes == 0) return std::nullopt;
  return options;
}

}  // namespace
}  // namespace nodeops::bench

int main(int argc, char** argv) {
  const auto options = nodeops::bench::parse_arguments({argv + 1, argv + argc});
  if (!options) {
    std::fputs("usage: gen_sales --bytes SIZE [--seed N] [--plain]\n", stderr);
    return 2;
  }
  if (nodeops::bench::generate(*options)) return 0;
  std::perror("gen_sales: standard output");
  return 74;
}
