// SPDX-License-Identifier: MIT
#include "image/jpeg_library.hpp"

#include <cctype>
#include <map>
#include <string_view>

#include "core/error.hpp"

namespace nodeops::image {
namespace {

using namespace std::string_view_literals;

constexpr auto exif_mark = "Exif\0\0"sv;
constexpr auto xmp_mark = "http://ns.adobe.com/xap/1.0/\0"sv;
constexpr auto icc_mark = "ICC_PROFILE\0"sv;
constexpr std::size_t longest_segment = 65533;

JpegErrors& errors_of(j_common_ptr common) {
  // The manager is the first member of a standard-layout struct.
  return *reinterpret_cast<JpegErrors*>(common->err);
}

[[noreturn]] void on_error(j_common_ptr common) {
  JpegErrors& errors = errors_of(common);
  common->err->format_message(common, errors.text.data());
  std::longjmp(errors.jump, 1);
}

void on_message(j_common_ptr common, int level) {
  if (level >= 0) return;  // a trace, no warning
  JpegErrors& errors = errors_of(common);
  if (common->err->num_warnings++ == 0) common->err->format_message(common, errors.text.data());
}

void no_output(j_common_ptr) {}

void put_segment(std::string& to, unsigned char marker, std::string_view mark,
                 std::string_view body) {
  const std::size_t length = 2 + mark.size() + body.size();
  if (length > longest_segment + 2) return;
  to += '\xFF';
  to += static_cast<char>(marker);
  to += static_cast<char>(length >> 8U);
  to += static_cast<char>(length & 0xFFU);
  to.append(mark).append(body);
}

}  // namespace

JpegErrors::JpegErrors() {
  jpeg_std_error(&manager);
  manager.error_exit = on_error;
  manager.emit_message = on_message;
  manager.output_message = no_output;
}

void throw_jpeg_failure(const JpegErrors& errors) {
  std::string text(errors.text.data());
  const bool ends_early = text.find("Premature end") != std::string::npos ||
                          text.find("premature end") != std::string::npos;
  if (ends_early) throw AppError(ErrorKind::bad_data, "truncated");
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  throw AppError(ErrorKind::bad_data, "damaged JPEG: " + text);
}

void save_jpeg_markers(jpeg_decompress_struct& decoder) {
  constexpr unsigned longest = 0xFFFF;
  jpeg_save_markers(&decoder, JPEG_APP0 + 1, longest);
  jpeg_save_markers(&decoder, JPEG_APP0 + 2, longest);
}

Metadata jpeg_metadata(const jpeg_decompress_struct& decoder) {
  Metadata metadata;
  std::map<unsigned, std::string_view> profile;  // by number
  for (auto* marker = decoder.marker_list; marker != nullptr; marker = marker->next) {
    std::string_view data(reinterpret_cast<const char*>(marker->data), marker->data_length);
    if (marker->marker == JPEG_APP0 + 1 && data.starts_with(exif_mark) && metadata.exif.empty()) {
      metadata.exif = data.substr(exif_mark.size());
    } else if (marker->marker == JPEG_APP0 + 1 && data.starts_with(xmp_mark)) {
      metadata.xmp = data.substr(xmp_mark.size());
    } else if (marker->marker == JPEG_APP0 + 2 && data.starts_with(icc_mark) &&
               data.size() > icc_mark.size() + 2) {
      const auto number = static_cast<unsigned char>(data[icc_mark.size()]);
      profile.emplace(number, data.substr(icc_mark.size() + 2));
    }
  }
  unsigned wanted = 1;
  for (const auto& [number, piece] : profile) {
    if (number != wanted++) {  // a piece is missing
      metadata.icc.clear();
      break;
    }
    metadata.icc += piece;
  }
  if (decoder.saw_JFIF_marker != 0 && decoder.density_unit != 0) {
    const double per_metre = decoder.density_unit == 1 ? 1 / 0.0254 : 100;
    metadata.density = Density{static_cast<std::uint32_t>(decoder.X_density * per_metre + 0.5),
                               static_cast<std::uint32_t>(decoder.Y_density * per_metre + 0.5)};
  }
  return metadata;
}

std::string jpeg_markers(const Metadata& metadata) {
  constexpr unsigned char app1 = 0xE1;
  constexpr unsigned char app2 = 0xE2;
  std::string markers;
  if (!metadata.exif.empty()) put_segment(markers, app1, exif_mark, metadata.exif);
  if (!metadata.xmp.empty()) put_segment(markers, app1, xmp_mark, metadata.xmp);
  const std::size_t piece = longest_segment - icc_mark.size() - 2;
  const std::size_t pieces = (metadata.icc.size() + piece - 1) / piece;
  for (std::size_t i = 0; i < pieces && pieces <= 255; ++i) {
    std::string body(1, static_cast<char>(i + 1));
    body += static_cast<char>(pieces);
    body += metadata.icc.substr(i * piece, piece);
    put_segment(markers, app2, icc_mark, body);
  }
  return markers;
}

void write_jpeg_markers(jpeg_compress_struct& encoder, const std::string& markers) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(markers[at]); };
  for (std::size_t at = 0; at + 4 <= markers.size();) {
    const unsigned length = byte(at + 2) * 256U + byte(at + 3);  // with the length's own two bytes
    jpeg_write_marker(&encoder, byte(at + 1),
                      reinterpret_cast<const JOCTET*>(markers.data() + at + 4), length - 2);
    at += 2 + length;
  }
}

}  // namespace nodeops::image
