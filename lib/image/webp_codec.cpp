// SPDX-License-Identifier: MIT
#include "image/webp_codec.hpp"

#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <array>
#include <memory>

#include "image/row_luma.hpp"

namespace nodeops::image {
namespace {

constexpr const char* damaged = "damaged WebP";

struct Free {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
  void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
  void operator()(WebPMux* mux) const { WebPMuxDelete(mux); }
};

WebPData data_of(std::string_view bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

WebPBitstreamFeatures features_of(FileBytes file) {
  WebPBitstreamFeatures features{};
  const WebPData data = data_of(text_of(file));
  const VP8StatusCode code = WebPGetFeatures(data.bytes, data.size, &features);
  if (code == VP8_STATUS_NOT_ENOUGH_DATA) throw bad_image("truncated");
  if (code != VP8_STATUS_OK || features.width <= 0 || features.height <= 0) {
    throw bad_image(damaged);
  }
  return features;
}

Metadata metadata_of(const WebPData& data) {
  Metadata metadata;
  const std::unique_ptr<WebPDemuxer, Free> demuxer(WebPDemux(&data));
  if (demuxer == nullptr) return metadata;
  const auto chunk = [&](const char* name) {
    WebPChunkIterator found{};
    std::string bytes;
    if (WebPDemuxGetChunk(demuxer.get(), name, 1, &found) != 0) {
      bytes.assign(reinterpret_cast<const char*>(found.chunk.bytes), found.chunk.size);
    }
    WebPDemuxReleaseChunkIterator(&found);
    return bytes;
  };
  metadata.icc = chunk("ICCP");
  metadata.xmp = chunk("XMP ");
  metadata.exif = chunk("EXIF");
  // Some writers put JPEG's mark before the TIFF body.
  if (metadata.exif.starts_with(std::string_view("Exif\0\0", 6))) metadata.exif.erase(0, 6);
  return metadata;
}

void to_gray(const std::uint8_t* colours, unsigned channels, const Decoding& decoding,
             GrayImage& image) {
  const RowLuma luma(decoding.options.luma,
                     {.channels = channels, .bits = 8, .keep_alpha = image.alpha});
  const auto* from = reinterpret_cast<const std::byte*>(colours);
  for (std::uint32_t y = 0; y < image.height; ++y, from += luma.row_bytes(image.width)) {
    go_on(decoding.stop);
    luma(from, image.row(y), image.width);
  }
}

void decode_first_frame(const WebPData& data, const Decoding& decoding, GrayImage& image) {
  const std::unique_ptr<WebPAnimDecoder, Free> decoder(WebPAnimDecoderNew(&data, nullptr));
  std::uint8_t* colours = nullptr;
  int time = 0;
  if (decoder == nullptr || WebPAnimDecoderGetNext(decoder.get(), &colours, &time) == 0) {
    throw bad_image(damaged);
  }
  to_gray(colours, 4, decoding, image);
}

void decode_still(const WebPData& data, const Decoding& decoding, GrayImage& image) {
  const unsigned channels = decoding.shape.alpha ? 4 : 3;
  WebPDecoderConfig config{};
  if (WebPInitDecoderConfig(&config) == 0) throw bad_image(damaged);
  const std::size_t row = std::size_t{image.width} * channels;
  const std::unique_ptr<std::uint8_t[]> colours(new std::uint8_t[row * image.height]);
  config.output.colorspace = channels == 4 ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA = {colours.get(), static_cast<int>(row), row * image.height};
  const VP8StatusCode code = WebPDecode(data.bytes, data.size, &config);
  if (code == VP8_STATUS_OUT_OF_MEMORY) throw std::bad_alloc();
  if (code == VP8_STATUS_NOT_ENOUGH_DATA) throw bad_image("truncated");
  if (code != VP8_STATUS_OK) throw bad_image(damaged);
  to_gray(colours.get(), channels, decoding, image);
}

/// A picture under construction, with the memory that it is written to.
struct Picture {
  WebPPicture picture{};
  WebPMemoryWriter memory{};

  Picture() {
    if (WebPPictureInit(&picture) == 0) throw bad_image("could not be encoded");
    WebPMemoryWriterInit(&memory);
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &memory;
  }
  Picture(const Picture&) = delete;
  Picture& operator=(const Picture&) = delete;
  ~Picture() {
    WebPPictureFree(&picture);
    WebPMemoryWriterClear(&memory);
  }
};

int watch(int, const WebPPicture* picture) {
  return static_cast<const std::stop_token*>(picture->user_data)->stop_requested() ? 0 : 1;
}

void fill(WebPPicture& picture, const GrayImage& image) {
  picture.use_argb = 1;
  picture.width = static_cast<int>(image.width);
  picture.height = static_cast<int>(image.height);
  if (WebPPictureAlloc(&picture) == 0) throw std::bad_alloc();
  const std::size_t step = image.channels();
  for (std::uint32_t y = 0; y < image.height; ++y) {
    const auto* from = reinterpret_cast<const std::uint8_t*>(image.row(y));
    std::uint32_t* to =
        picture.argb + std::size_t{y} * static_cast<std::size_t>(picture.argb_stride);
    for (std::uint32_t x = 0; x < image.width; ++x) {
      const std::uint32_t gray = from[x * step];
      const std::uint32_t alpha = image.alpha ? from[x * step + 1] : 255U;
      to[x] = alpha << 24 | gray << 16 | gray << 8 | gray;
    }
  }
}

std::string with_metadata(std::string bytes, const Metadata& metadata) {
  if (metadata.icc.empty() && metadata.exif.empty() && metadata.xmp.empty()) return bytes;
  const std::unique_ptr<WebPMux, Free> mux(WebPMuxNew());
  if (mux == nullptr) throw std::bad_alloc();
  const WebPData image = data_of(bytes);
  bool whole = WebPMuxSetImage(mux.get(), &image, 0) == WEBP_MUX_OK;
  const auto add = [&](const char* name, const std::string& content) {
    if (content.empty()) return;
    const WebPData data = data_of(content);
    whole = whole && WebPMuxSetChunk(mux.get(), name, &data, 0) == WEBP_MUX_OK;
  };
  add("ICCP", metadata.icc);
  add("EXIF", metadata.exif);
  add("XMP ", metadata.xmp);
  WebPData assembled{};
  if (!whole || WebPMuxAssemble(mux.get(), &assembled) != WEBP_MUX_OK) {
    throw bad_image("its metadata could not be encoded");
  }
  std::string out(reinterpret_cast<const char*>(assembled.bytes), assembled.size);
  WebPDataClear(&assembled);
  return out;
}

}  // namespace

Shape webp_shape(FileBytes file) {
  const auto features = features_of(file);
  const bool moving = features.has_animation != 0;
  const bool alpha = features.has_alpha != 0;
  Shape shape{static_cast<std::uint32_t>(features.width),
              static_cast<std::uint32_t>(features.height),
              alpha || moving ? 4U : 3U,
              8,
              alpha,
              0};
  // The colours and what the decoder holds beside them; of an animation two canvases.
  shape.decoding_bytes = shape.pixels() * (moving ? 16 : 10) + (std::uint64_t{1} << 20);
  return shape;
}

Decoded decode_webp(FileBytes file, const Decoding& decoding) {
  const WebPData data = data_of(text_of(file));
  const bool moving = features_of(file).has_animation != 0;
  Decoded decoded{decoding.blank(), metadata_of(data)};
  if (moving) {
    decoding.notes.emplace_back("only the first frame was taken");
    decode_first_frame(data, decoding, decoded.image);
  } else {
    decode_still(data, decoding, decoded.image);
  }
  return decoded;
}

std::string encode_webp(const GrayImage& image, const Metadata& metadata,
                        std::optional<int> quality, int effort, const std::stop_token& stop) {
  Picture work;
  WebPConfig config{};
  bool ready = WebPConfigInit(&config) != 0;
  if (quality) {
    config.quality = static_cast<float>(*quality);
  } else {
    // The library's levels 0 to 9; the last takes minutes.
    constexpr std::array<int, 10> levels{0, 0, 1, 1, 2, 2, 3, 5, 6, 8};
    ready = ready &&
            WebPConfigLosslessPreset(&config, levels.at(static_cast<std::size_t>(effort))) != 0;
  }
  if (!ready) throw bad_image("could not be encoded");
  fill(work.picture, image);
  work.picture.progress_hook = watch;
  work.picture.user_data = const_cast<std::stop_token*>(&stop);
  if (WebPEncode(&config, &work.picture) == 0) {
    go_on(stop);
    if (work.picture.error_code == VP8_ENC_ERROR_OUT_OF_MEMORY) throw std::bad_alloc();
    throw bad_image("could not be encoded");
  }
  return with_metadata({reinterpret_cast<const char*>(work.memory.mem), work.memory.size},
                       metadata);
}

}  // namespace nodeops::image
