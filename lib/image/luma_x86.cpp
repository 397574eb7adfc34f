// SPDX-License-Identifier: MIT
#include "image/luma_x86.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#include "image/luma_sample.hpp"

namespace nodeops::image {
namespace {

// Four pixels stand in each 16-byte lane. Shuffles make 16-bit pairs of them, red beside green and
// blue beside green; a multiply-add of pairs gives one 32-bit sum per pixel. Its factors are
// signed, so green, the largest, is added in two halves.
constexpr char none = -128;

/// What a lane's four pixels of `channels` bytes are shuffled to.
template <unsigned channels>
struct Lanes {
  static __m128i red_green() {
    return _mm_setr_epi8(0, none, 1, none, channels, none, channels + 1, none, 2 * channels, none,
                         2 * channels + 1, none, 3 * channels, none, 3 * channels + 1, none);
  }
  static __m128i blue_green() {
    return _mm_setr_epi8(2, none, 1, none, channels + 2, none, channels + 1, none, 2 * channels + 2,
                         none, 2 * channels + 1, none, 3 * channels + 2, none, 3 * channels + 1,
                         none);
  }
};

int pair(unsigned low, unsigned high) {
  return static_cast<int>(high << 16 | low);
}

int red_green_pair(LumaWeights w) {
  return pair(w.red, w.green / 2U);
}

int blue_green_pair(LumaWeights w) {
  return pair(w.blue, w.green - w.green / 2U);
}

struct ConstantsAvx2 {
  __m256i spread;  // which dwords come into which lane
  __m256i red_green;
  __m256i blue_green;
  __m256i red_green_weights;
  __m256i blue_green_weights;
  __m256i half;
};

template <unsigned channels>
[[gnu::target("avx2"), gnu::always_inline]] inline ConstantsAvx2 constants_avx2(LumaWeights w) {
  return {channels == 3 ? _mm256_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5)
                        : _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7),
          _mm256_broadcastsi128_si256(Lanes<channels>::red_green()),
          _mm256_broadcastsi128_si256(Lanes<channels>::blue_green()),
          _mm256_set1_epi32(red_green_pair(w)),
          _mm256_set1_epi32(blue_green_pair(w)),
          _mm256_set1_epi32(32768)};
}

/// Eight pixels as eight 32-bit values; reads 32 bytes.
template <unsigned channels, bool keep_alpha>
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i eight_pixels(const std::uint8_t* in,
                                                                        const ConstantsAvx2& c) {
  __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in));
  if constexpr (channels == 3) bytes = _mm256_permutevar8x32_epi32(bytes, c.spread);
  const __m256i first =
      _mm256_madd_epi16(_mm256_shuffle_epi8(bytes, c.red_green), c.red_green_weights);
  const __m256i second =
      _mm256_madd_epi16(_mm256_shuffle_epi8(bytes, c.blue_green), c.blue_green_weights);
  const __m256i sum = _mm256_add_epi32(_mm256_add_epi32(first, second), c.half);
  const __m256i gray = _mm256_srli_epi32(sum, 16);
  if constexpr (!keep_alpha) return gray;
  return _mm256_or_si256(gray, _mm256_slli_epi32(_mm256_srli_epi32(bytes, 24), 8));
}

template <unsigned channels, bool keep_alpha>
[[gnu::target("avx2")]] void luma8_avx2(const std::uint8_t* in, std::uint8_t* out,
                                        std::size_t pixels, LumaWeights weights) {
  const ConstantsAvx2 c = constants_avx2<channels>(weights);
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  std::size_t done = 0;
  // Three channels are read 8 bytes too far.
  constexpr std::size_t spare = channels == 3 ? 3 : 0;
  for (; done + 32 + spare <= pixels; done += 32) {
    const std::uint8_t* at = in + done * channels;
    const __m256i a = eight_pixels<channels, keep_alpha>(at, c);
    const __m256i b = eight_pixels<channels, keep_alpha>(at + std::size_t{8} * channels, c);
    const __m256i d = eight_pixels<channels, keep_alpha>(at + std::size_t{16} * channels, c);
    const __m256i e = eight_pixels<channels, keep_alpha>(at + std::size_t{24} * channels, c);
    const __m256i low = _mm256_packus_epi32(a, b);
    const __m256i high = _mm256_packus_epi32(d, e);
    if constexpr (keep_alpha) {
      auto* to = reinterpret_cast<__m256i*>(out + done * 2);
      _mm256_storeu_si256(to, _mm256_permute4x64_epi64(low, 0xd8));
      _mm256_storeu_si256(to + 1, _mm256_permute4x64_epi64(high, 0xd8));
    } else {
      const __m256i packed = _mm256_packus_epi16(low, high);
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + done),
                          _mm256_permutevar8x32_epi32(packed, order));
    }
  }
  constexpr std::size_t step = keep_alpha ? 2 : 1;
  luma_samples<std::uint8_t, channels, keep_alpha>(in + done * channels, out + done * step,
                                                   pixels - done, weights);
}

struct ConstantsAvx512 {
  __m512i spread;
  __m512i red_green;
  __m512i blue_green;
  __m512i red_green_weights;
  __m512i blue_green_weights;
  __m512i half;
};

template <unsigned channels>
[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline ConstantsAvx512 constants_avx512(
    LumaWeights w) {
  return {_mm512_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11),
          _mm512_broadcast_i32x4(Lanes<channels>::red_green()),
          _mm512_broadcast_i32x4(Lanes<channels>::blue_green()),
          _mm512_set1_epi32(red_green_pair(w)),
          _mm512_set1_epi32(blue_green_pair(w)),
          _mm512_set1_epi32(32768)};
}

/// Sixteen pixels as sixteen 32-bit values; reads 64 bytes.
template <unsigned channels, bool keep_alpha>
[[gnu::target("avx512f,avx512bw"), gnu::always_inline]] inline __m512i sixteen_pixels(
    const std::uint8_t* in, const ConstantsAvx512& c) {
  __m512i bytes = _mm512_loadu_si512(in);
  if constexpr (channels == 3) bytes = _mm512_permutexvar_epi32(c.spread, bytes);
  const __m512i first =
      _mm512_madd_epi16(_mm512_shuffle_epi8(bytes, c.red_green), c.red_green_weights);
  const __m512i second =
      _mm512_madd_epi16(_mm512_shuffle_epi8(bytes, c.blue_green), c.blue_green_weights);
  const __m512i sum = _mm512_add_epi32(_mm512_add_epi32(first, second), c.half);
  const __m512i gray = _mm512_srli_epi32(sum, 16);
  if constexpr (!keep_alpha) return gray;
  return _mm512_or_si512(gray, _mm512_slli_epi32(_mm512_srli_epi32(bytes, 24), 8));
}

template <unsigned channels, bool keep_alpha>
[[gnu::target("avx512f,avx512bw")]] void luma8_avx512(const std::uint8_t* in, std::uint8_t* out,
                                                      std::size_t pixels, LumaWeights weights) {
  const ConstantsAvx512 c = constants_avx512<channels>(weights);
  std::size_t done = 0;
  // Three channels are read 16 bytes too far.
  constexpr std::size_t spare = channels == 3 ? 6 : 0;
  for (; done + 16 + spare <= pixels; done += 16) {
    const __m512i gray = sixteen_pixels<channels, keep_alpha>(in + done * channels, c);
    if constexpr (keep_alpha) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + done * 2), _mm512_cvtepi32_epi16(gray));
    } else {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(out + done), _mm512_cvtepi32_epi8(gray));
    }
  }
  constexpr std::size_t step = keep_alpha ? 2 : 1;
  luma_samples<std::uint8_t, channels, keep_alpha>(in + done * channels, out + done * step,
                                                   pixels - done, weights);
}

template <unsigned channels, bool keep_alpha>
[[gnu::target("avx2")]] void luma16_avx2(const std::uint16_t* in, std::uint16_t* out,
                                         std::size_t pixels, LumaWeights weights) {
  luma_samples<std::uint16_t, channels, keep_alpha>(in, out, pixels, weights);
}

template <unsigned channels, bool keep_alpha>
[[gnu::target("avx512f,avx512bw")]] void luma16_avx512(const std::uint16_t* in, std::uint16_t* out,
                                                       std::size_t pixels, LumaWeights weights) {
  luma_samples<std::uint16_t, channels, keep_alpha>(in, out, pixels, weights);
}

constexpr LumaKernel avx2_kernel{
    .name = "avx2",
    .rgb8 = luma8_avx2<3, false>,
    .rgba8 = luma8_avx2<4, true>,
    .rgbx8 = luma8_avx2<4, false>,
    .rgb16 = luma16_avx2<3, false>,
    .rgba16 = luma16_avx2<4, true>,
    .rgbx16 = luma16_avx2<4, false>,
};

constexpr LumaKernel avx512_kernel{
    .name = "avx512",
    .rgb8 = luma8_avx512<3, false>,
    .rgba8 = luma8_avx512<4, true>,
    .rgbx8 = luma8_avx512<4, false>,
    .rgb16 = luma16_avx512<3, false>,
    .rgba16 = luma16_avx512<4, true>,
    .rgbx16 = luma16_avx512<4, false>,
};

}  // namespace

std::vector<LumaKernel> x86_luma_kernels() {
  std::vector<LumaKernel> kernels;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")) {
    kernels.push_back(avx512_kernel);
  }
  if (__builtin_cpu_supports("avx2")) kernels.push_back(avx2_kernel);
  return kernels;
}

}  // namespace nodeops::image

#else

namespace nodeops::image {

std::vector<LumaKernel> x86_luma_kernels() {
  return {};
}

}  // namespace nodeops::image

#endif
