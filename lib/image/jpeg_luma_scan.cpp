// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <cstdlib>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "image/huffman_steps.hpp"
#include "image/jpeg_luma.hpp"
#include "image/scan_bits.hpp"

namespace nodeops::image {
namespace {

constexpr unsigned categories = 12;  // of differences: 0 to 11 bits

/// What libjpeg takes for YCbCr or gray, less what it is in doubt about.
bool has_luma(const JpegLayout& layout) {
  const auto& parts = layout.components;
  if (parts.size() == 1) return true;
  if (parts.size() != 3) return false;
  if (parts[0].id == parts[1].id || parts[1].id == parts[2].id || parts[0].id == parts[2].id) {
    return false;
  }
  if (layout.jfif) return true;
  if (layout.adobe_transform) return *layout.adobe_transform == 1;
  return parts[0].id != 'R' || parts[1].id != 'G' || parts[2].id != 'B';
}

/// A table with a code for every category: the given one, with the missing ones behind the unused
/// code that every table ends with.
HuffmanTable whole_table(const HuffmanTable& table, std::string& symbols) {
  symbols = table.symbols;
  HuffmanTable whole{table.counts, {}};
  for (unsigned i = 0; i < categories; ++i) {
    if (symbols.find(static_cast<char>(i)) == std::string::npos) symbols += static_cast<char>(i);
  }
  const auto missing = static_cast<unsigned>(symbols.size() - table.symbols.size());
  if (missing != 0) {
    unsigned longest = 16;
    while (longest > 1 && table.counts[longest - 1] == 0) --longest;
    const unsigned length = longest + static_cast<unsigned>(std::bit_width(missing));
    if (length > 16) {  // the table of the standard's annex K
      symbols = std::string("\0\1\2\3\4\5\6\7\10\11\12\13", categories);
      return {{0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0}, symbols};
    }
    whole.counts[length - 1] = static_cast<std::uint8_t>(missing);
  }
  whole.symbols = symbols;
  return whole;
}

void append_two(std::string& out, std::size_t number) {
  out += static_cast<char>(number >> 8 & 0xff);
  out += static_cast<char>(number & 0xff);
}

void append_segment(std::string& out, unsigned marker, const std::string& content) {
  out += '\xff';
  out += static_cast<char>(marker);
  append_two(out, content.size() + 2);
  out += content;
}

std::string table_content(char kind, const HuffmanTable& table) {
  std::string content(1, kind);
  for (const std::uint8_t count : table.counts) content += static_cast<char>(count);
  return content.append(table.symbols);
}

std::string head_of(const JpegLayout& layout, const HuffmanTable& dc, const std::string& segments) {
  const JpegComponent& luma = layout.components[0];
  const std::string_view quantization = layout.quantization[luma.quantization];
  std::string out = "\xff\xd8" + segments;
  append_segment(out, 0xdb,
                 std::string(1, quantization.size() > 64 ? '\x10' : '\0').append(quantization));
  std::string frame(1, '\x08');
  append_two(frame, layout.height);
  append_two(frame, layout.width);
  append_segment(out, layout.frame, frame.append("\1\1\x11\0", 4));
  append_segment(out, 0xc4, table_content('\0', dc));
  append_segment(out, 0xc4, table_content('\x10', layout.ac[luma.ac]));
  append_segment(out, 0xda, std::string("\1\1\0\0\x3f\0", 6));
  return out;
}

/// Goes over a scan unit by unit, and writes luma's blocks row by row of blocks.
class LumaScan {
 public:
  LumaScan(std::string_view file, const JpegLayout& layout, const HuffmanTable& dc,
           std::string& out)
      : layout_(layout), bits_(file.substr(layout.scan)), writer_(out) {
    for (const JpegComponent& part : layout.components) {
      parts_.push_back({steps_for(layout.dc, part.dc, false), steps_for(layout.ac, part.ac, true)});
    }
    if (const auto codes = codes_of(dc)) std::copy_n(codes->begin(), categories, codes_.begin());
    if (layout.components.size() > 1) {
      across_ = layout.components[0].across;
      down_ = layout.components[0].down;
    }
  }

  /// False: something about the scan is odd, and what was written is good for nothing.
  bool run(const std::stop_token& stop) {
    for (const Part& part : parts_) {
      if (!steps_[part.dc].usable() || !steps_[part.ac].usable()) return false;
    }
    const std::size_t units = (layout_.width + 8 * across_ - 1) / (8 * across_);
    const std::size_t rows = (layout_.height + 8 * down_ - 1) / (8 * down_);
    blocks_.resize(units * across_ * down_);
    for (std::size_t row = 0; row < rows; ++row) {
      if (stop.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
      bits_.start_row();
      for (std::size_t unit = 0; unit < units; ++unit) {
        if (!restart() || !read_unit(unit, units)) return false;
      }
      if (!write_row(row, units)) return false;
    }
    writer_.finish();
    return bits_.ends_with(0xd9);
  }

 private:
  struct Part {
    std::size_t dc = 0;  // places in steps_
    std::size_t ac = 0;
  };

  /// A block's codes but the first, and the coefficient that the first one tells.
  struct Block {
    std::uint64_t at = 0;
    std::uint64_t end = 0;
    int dc = 0;
  };

  std::size_t steps_for(const std::array<HuffmanTable, 4>& tables, unsigned number, bool of_ac) {
    const std::pair<unsigned, bool> key(number, of_ac);
    const auto known = std::find(keys_.begin(), keys_.end(), key);
    if (known != keys_.end()) return static_cast<std::size_t>(known - keys_.begin());
    keys_.push_back(key);
    steps_.emplace_back(tables[number], of_ac);
    return steps_.size() - 1;
  }

  bool restart() {
    if (layout_.restart_interval == 0) return true;
    if (until_restart_ == 0) {
      if (!bits_.ends_with(0xd0 + restarts_ % 8)) return false;
      bits_.next_segment();
      ++restarts_;
      dc_ = 0;
      until_restart_ = layout_.restart_interval;
    }
    --until_restart_;
    return true;
  }

  bool read_unit(std::size_t unit, std::size_t units) {
    bits_.prepare();
    const HuffmanSteps& dc = steps_[parts_[0].dc];
    const HuffmanSteps& ac = steps_[parts_[0].ac];
    for (std::size_t y = 0; y < down_; ++y) {
      for (std::size_t x = 0; x < across_; ++x) {
        Block& block = blocks_[(y * units + unit) * across_ + x];
        const std::uint64_t ahead = bits_.peek();
        const auto [size, length] = dc.symbol(ahead);
        if (length == 0) return false;
        if (size != 0) {
          const int value = static_cast<int>(ahead << length >> (64 - size));
          // A first bit of 0 says that the difference is negative.
          dc_ += value >> (size - 1) != 0 ? value : value - (1 << size) + 1;
          if (std::abs(dc_) > 2047) return false;
        }
        const unsigned used = static_cast<unsigned>(length) + size;
        block.dc = dc_;
        block.at = bits_.position() + used;
        if (!step_over(ac, ahead << used, used)) return false;
        block.end = bits_.position();
      }
    }
    for (std::size_t i = 1; i < parts_.size(); ++i) {
      const HuffmanSteps& first = steps_[parts_[i].dc];
      const std::uint64_t ahead = bits_.peek();
      HuffmanSteps::Step step = first.fast(ahead);
      if (step.bits == 0) step = first.slow(ahead);
      if (step.bits == 0) return false;
      if (!step_over(steps_[parts_[i].ac], ahead << step.bits, step.bits)) return false;
    }
    return !bits_.beyond();
  }

  /// Over a block's codes but the first, which `used` bits are for; `ahead` are those behind it.
  bool step_over(const HuffmanSteps& steps, std::uint64_t ahead, unsigned used) {
    constexpr unsigned end = HuffmanSteps::block_end;
    constexpr unsigned size = HuffmanSteps::block_size;
    // Of what was peeked at, the longest code must be left. To look at the bytes again for every
    // step would take twice as long: each waits for the one before.
    constexpr unsigned most_used = ScanBits::peeked - 16;
    for (unsigned k = 1; k < size;) {
      if (used > most_used) {
        bits_.skip(std::exchange(used, 0));
        ahead = bits_.peek();
      }
      HuffmanSteps::Step step = steps.fast(ahead);
      if (step.bits == 0) step = steps.slow(ahead);
      if (step.bits == 0) return false;
      unsigned after = k + step.advance;
      // The end comes before the last coefficient, or there is no need to say so. Steps beyond
      // that are the next block's codes taken for this one's.
      if (after > size && (after < end || after >= end + size)) {
        step.bits = step.first_bits;
        after = k + step.first_advance;
        if (after > size && after < end) return false;
      }
      used += step.bits;
      ahead <<= step.bits;
      k = after;
    }
    bits_.skip(used);
    return true;
  }

  bool write_row(std::size_t row, std::size_t units) {
    const std::size_t width = (layout_.width + 7) / 8;
    const std::size_t height = (layout_.height + 7) / 8;
    for (std::size_t y = 0; y < down_ && row * down_ + y < height; ++y) {
      const Block* blocks = blocks_.data() + y * units * across_;
      for (std::size_t x = 0; x < width; ++x) {
        const int difference = blocks[x].dc - written_dc_;
        written_dc_ = blocks[x].dc;
        const auto size =
            static_cast<unsigned>(std::bit_width(static_cast<unsigned>(std::abs(difference))));
        if (size >= categories) return false;
        const unsigned value = static_cast<unsigned>(difference < 0 ? difference - 1 : difference) &
                               ((1U << size) - 1);
        const HuffmanCode code = codes_[size];
        writer_.put(std::uint64_t{code.bits} << size | value, code.length + size);
        writer_.copy(bits_, blocks[x].at, blocks[x].end);
      }
    }
    return true;
  }

  const JpegLayout& layout_;
  ScanBits bits_;
  ScanWriter writer_;
  std::vector<std::pair<unsigned, bool>> keys_;  // number and kind of the tables in steps_
  std::vector<HuffmanSteps> steps_;
  std::vector<Part> parts_;
  std::array<HuffmanCode, categories> codes_{};
  std::size_t across_ = 1;
  std::size_t down_ = 1;
  std::vector<Block> blocks_;  // of a row of units
  int dc_ = 0;
  int written_dc_ = 0;
  unsigned restarts_ = 0;
  std::uint32_t until_restart_ = layout_.restart_interval;
};

}  // namespace

bool has_known_scan(const JpegLayout& layout) {
  if (layout.frame != 0xc0 && layout.frame != 0xc1) return false;
  constexpr std::uint32_t longest = 65500;  // as libjpeg has it
  if (layout.width > longest || layout.height > longest) return false;
  if (layout.bits != 8 || !layout.interleaved || !has_luma(layout)) return false;
  const auto& parts = layout.components;
  const bool small = std::all_of(parts.begin() + 1, parts.end(), [](const JpegComponent& chroma) {
    return chroma.across == 1 && chroma.down == 1;
  });
  return small && parts[0].across * parts[0].down <= 4 &&
         std::none_of(parts.begin(), parts.end(), [&layout](const JpegComponent& part) {
           return layout.quantization[part.quantization].empty();
         });
}

std::optional<std::string> copy_luma_scan(std::string_view file, const JpegLayout& layout,
                                          const std::string& segments,
                                          const std::stop_token& stop) {
  if (!has_known_scan(layout)) return std::nullopt;
  std::string symbols;
  const HuffmanTable dc = whole_table(layout.dc[layout.components[0].dc], symbols);
  std::string out = head_of(layout, dc, segments);
  LumaScan scan(file, layout, dc, out);
  if (!scan.run(stop)) return std::nullopt;
  out += "\xff\xd9";
  return out;
}

}  // namespace nodeops::image
