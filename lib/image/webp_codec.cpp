// SPDX-License-Identifier: MIT
#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <memory>
#include <vector>

#include "core/error.hpp"
#include "image/codecs.hpp"

namespace nodeops::image {
namespace {

constexpr std::uint32_t longest_side = WEBP_MAX_DIMENSION;

struct Delete {
  void operator()(WebPDemuxer* one) const { WebPDemuxDelete(one); }
  void operator()(WebPMux* one) const { WebPMuxDelete(one); }
};
using Demuxer = std::unique_ptr<WebPDemuxer, Delete>;

Demuxer open(Bytes file) {
  const WebPData data{reinterpret_cast<const std::uint8_t*>(file.data()), file.size()};
  WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
  Demuxer demuxer(WebPDemuxPartial(&data, &state));
  if (!demuxer || state == WEBP_DEMUX_PARSE_ERROR)
    throw AppError(ErrorKind::bad_data, "damaged WebP");
  if (state != WEBP_DEMUX_DONE) throw AppError(ErrorKind::bad_data, "truncated");
  return demuxer;
}

std::string chunk(const WebPDemuxer* demuxer, const char* name) {
  WebPChunkIterator found{};
  if (WebPDemuxGetChunk(demuxer, name, 1, &found) == 0) return {};
  std::string bytes(reinterpret_cast<const char*>(found.chunk.bytes), found.chunk.size);
  WebPDemuxReleaseChunkIterator(&found);
  return bytes;
}

/// The first frame, which of a still image is the image.
struct FirstFrame {
  explicit FirstFrame(const WebPDemuxer* demuxer) {
    if (WebPDemuxGetFrame(demuxer, 1, &frame) == 0)
      throw AppError(ErrorKind::bad_data, "damaged WebP: no frame");
  }
  ~FirstFrame() { WebPDemuxReleaseIterator(&frame); }
  FirstFrame(const FirstFrame&) = delete;
  FirstFrame& operator=(const FirstFrame&) = delete;
  WebPIterator frame{};
};

WebPBitstreamFeatures features_of(const WebPIterator& frame) {
  WebPBitstreamFeatures features{};
  if (WebPGetFeatures(frame.fragment.bytes, frame.fragment.size, &features) != VP8_STATUS_OK)
    throw AppError(ErrorKind::bad_data, "damaged WebP");
  return features;
}

/// A gray image as the encoder wants it: four bytes a pixel.
std::vector<std::uint8_t> rgba_of(const Pixels& gray) {
  const std::size_t count = std::size_t{gray.width} * gray.height;
  std::vector<std::uint8_t> rgba(count * 4);
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = std::to_integer<std::uint8_t>(gray.bytes[i * gray.channels]);
    rgba[4 * i] = rgba[4 * i + 1] = rgba[4 * i + 2] = value;
    rgba[4 * i + 3] =
        gray.has_alpha() ? std::to_integer<std::uint8_t>(gray.bytes[i * 2 + 1]) : std::uint8_t{255};
  }
  return rgba;
}

std::string with_metadata(const std::uint8_t* image, std::size_t size, const Metadata& metadata) {
  const std::unique_ptr<WebPMux, Delete> mux(WebPMuxNew());
  const WebPData data{image, size};
  if (!mux || WebPMuxSetImage(mux.get(), &data, 0) != WEBP_MUX_OK) throw std::bad_alloc();
  const auto add = [&](const char* name, const std::string& bytes) {
    if (bytes.empty()) return;
    const WebPData value{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
    WebPMuxSetChunk(mux.get(), name, &value, 1);
  };
  add("ICCP", metadata.icc);
  add("EXIF", metadata.exif);
  add("XMP ", metadata.xmp);
  WebPData whole{};
  if (WebPMuxAssemble(mux.get(), &whole) != WEBP_MUX_OK) throw std::bad_alloc();
  std::string bytes(reinterpret_cast<const char*>(whole.bytes), whole.size);
  WebPDataClear(&whole);
  return bytes;
}

}  // namespace

Head webp_head(Bytes file) {
  const Demuxer demuxer = open(file);
  const FirstFrame first(demuxer.get());
  const auto features = features_of(first.frame);
  const auto width = static_cast<std::uint32_t>(features.width);
  const auto height = static_cast<std::uint32_t>(features.height);
  return {.width = width,
          .height = height,
          .channels = features.has_alpha != 0 ? 4U : 3U,
          .bits = 8,
          // The lossless decoder keeps all pixels in four bytes each.
          .extra_bytes = std::uint64_t{width} * height * 4};
}

Decoded decode_webp(Bytes file, const DecodeOptions& options) {
  if (options.stop.stop_requested()) throw AppError(ErrorKind::interrupted, "stopped");
  const Demuxer demuxer = open(file);
  const FirstFrame first(demuxer.get());
  const auto features = features_of(first.frame);
  Decoded decoded;
  Pixels& pixels = decoded.pixels;
  pixels = {.width = static_cast<std::uint32_t>(features.width),
            .height = static_cast<std::uint32_t>(features.height),
            .channels = features.has_alpha != 0 ? 4U : 3U};
  pixels.allocate();
  const WebPData& data = first.frame.fragment;
  auto* const to = reinterpret_cast<std::uint8_t*>(pixels.bytes.data());
  const auto stride = static_cast<int>(pixels.row_bytes());
  const auto* const done =
      features.has_alpha != 0
          ? WebPDecodeRGBAInto(data.bytes, data.size, to, pixels.bytes.size(), stride)
          : WebPDecodeRGBInto(data.bytes, data.size, to, pixels.bytes.size(), stride);
  if (done == nullptr) throw AppError(ErrorKind::bad_data, "damaged WebP");
  decoded.metadata = {.exif = chunk(demuxer.get(), "EXIF"),
                      .icc = chunk(demuxer.get(), "ICCP"),
                      .xmp = chunk(demuxer.get(), "XMP ")};
  if (decoded.metadata.exif.starts_with("Exif")) decoded.metadata.exif.erase(0, 6);
  if (WebPDemuxGetI(demuxer.get(), WEBP_FF_FRAME_COUNT) > 1)
    decoded.notes.emplace_back("only the first frame of the animation was taken");
  return decoded;
}

std::string encode_webp(const Pixels& gray, const Metadata& metadata, std::optional<int> quality) {
  if (gray.width > longest_side || gray.height > longest_side)
    throw AppError(ErrorKind::bad_data, "a WebP has at most 16383 pixels on a side");
  const auto rgba = rgba_of(gray);
  const auto width = static_cast<int>(gray.width);
  const auto height = static_cast<int>(gray.height);
  std::uint8_t* bytes = nullptr;
  const std::size_t size =
      quality ? WebPEncodeRGBA(rgba.data(), width, height, width * 4, static_cast<float>(*quality),
                               &bytes)
              : WebPEncodeLosslessRGBA(rgba.data(), width, height, width * 4, &bytes);
  const std::unique_ptr<std::uint8_t, decltype(&WebPFree)> owned(bytes, WebPFree);
  if (size == 0) throw std::bad_alloc();
  if (metadata.exif.empty() && metadata.icc.empty() && metadata.xmp.empty())
    return {reinterpret_cast<const char*>(bytes), size};
  return with_metadata(bytes, size, metadata);
}

}  // namespace nodeops::image
