// SPDX-License-Identifier: MIT
// Stands in until the codecs are there: PNM only.
#include "image/convert.hpp"

#include <algorithm>
#include <sstream>

#include "core/error.hpp"

namespace nodeops::image {
namespace {

struct Head {
  char kind = 0;
  std::uint64_t width = 0, height = 0;
  std::size_t start = 0;
};

Head head_of(std::span<const std::byte> file) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  if (text.size() < 2 || text[0] != 'P' || (text[1] != '5' && text[1] != '6'))
    throw AppError(ErrorKind::bad_data, "not an image");
  std::istringstream in(std::string(text.substr(2, 60)));
  Head head{.kind = text[1]};
  unsigned most = 0;
  if (!(in >> head.width >> head.height >> most) || most != 255)
    throw AppError(ErrorKind::bad_data, "truncated");
  head.start = 2 + static_cast<std::size_t>(in.tellg()) + 1;
  return head;
}

}  // namespace

ImageHeader inspect(std::span<const std::byte> file, const ConvertOptions& options) {
  const Head head = head_of(file);
  const std::uint64_t channels = head.kind == '6' ? 3 : 1;
  if (head.width * head.height > options.most_pixels) {
    throw AppError(ErrorKind::bad_data, std::to_string(head.width) + " x " +
                                            std::to_string(head.height) +
                                            " pixels are more than --max-pixels");
  }
  return {.format = Format::pnm,
          .width = static_cast<std::uint32_t>(head.width),
          .height = static_cast<std::uint32_t>(head.height),
          .channels = static_cast<unsigned>(channels),
          .bits = 8,
          .working_bytes = head.width * head.height * (channels + 1),
          .extension = "pgm"};
}

Converted convert(std::span<const std::byte> file, const ConvertOptions& options,
                  const std::stop_token& stop) {
  const Head head = head_of(file);
  const ImageHeader header = inspect(file, options);
  const std::size_t pixels = std::size_t{header.width} * header.height;
  if (file.size() - head.start < pixels * header.channels)
    throw AppError(ErrorKind::bad_data, "truncated");
  Converted out{.bytes = "P5\n" + std::to_string(header.width) + " " +
                         std::to_string(header.height) + "\n255\n",
                .notes = {}};
  for (std::size_t i = 0; i < pixels; ++i) {
    if (i % header.width == 0 && stop.stop_requested())
      throw AppError(ErrorKind::interrupted, "stopped");
    const auto at = [&](std::size_t c) {
      return std::to_integer<unsigned>(file[head.start + i * header.channels + c]);
    };
    const unsigned luma =
        header.channels == 1 ? at(0) : (299 * at(0) + 587 * at(1) + 114 * at(2) + 500) / 1000;
    out.bytes.push_back(static_cast<char>(luma));
  }
  return out;
}

}  // namespace nodeops::image
