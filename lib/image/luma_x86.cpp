// SPDX-License-Identifier: MIT
#include "image/luma_x86.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace nodeops::image {

#if defined(__x86_64__)
namespace {

constexpr unsigned weight_bits = 15;

/// The last few pixels, one by one.
template <std::size_t channels>
void weigh_rest(const std::byte* pixels, std::byte* gray, std::size_t count, LumaWeights weights) {
  constexpr std::size_t kept = channels - 2;
  for (std::size_t i = 0; i < count; ++i) {
    const std::byte* const pixel = pixels + i * channels;
    const unsigned sum = std::to_integer<unsigned>(pixel[0]) * weights.red +
                         std::to_integer<unsigned>(pixel[1]) * weights.green +
                         std::to_integer<unsigned>(pixel[2]) * weights.blue +
                         (1U << (weight_bits - 1));
    gray[i * kept] = static_cast<std::byte>(sum >> weight_bits);
    if constexpr (channels == 4) gray[i * 2 + 1] = pixel[3];
  }
}

int pair(unsigned low, unsigned high) {
  return static_cast<int>(low | high << 16U);
}

/// Eight RGB pixels, four to a half, as 32-bit sums. A half's 16 bytes hold red, green, blue four
/// times; they become pairs (red, green) and (blue, 1) of 16 bits, which are multiplied and added.
[[gnu::target("avx2")]] __m256i sums_of_rgb(const std::byte* pixels, __m256i red_green,
                                            __m256i blue_one) {
  const __m256i pairs_of_red_green =
      _mm256_setr_epi8(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1,  //
                       0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1);
  const __m256i pairs_of_blue =
      _mm256_setr_epi8(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1,  //
                       2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1);
  const __m128i low = _mm_loadu_si128(reinterpret_cast<const __m128i*>(pixels));
  const __m128i high = _mm_loadu_si128(reinterpret_cast<const __m128i*>(pixels + 12));
  const __m256i both = _mm256_inserti128_si256(_mm256_castsi128_si256(low), high, 1);
  const __m256i rg = _mm256_madd_epi16(_mm256_shuffle_epi8(both, pairs_of_red_green), red_green);
  const __m256i ones = _mm256_set1_epi32(1 << 16);
  const __m256i b1 =
      _mm256_madd_epi16(_mm256_or_si256(_mm256_shuffle_epi8(both, pairs_of_blue), ones), blue_one);
  return _mm256_srli_epi32(_mm256_add_epi32(rg, b1), weight_bits);
}

[[gnu::target("avx2")]] void rgb_avx2(const std::byte* pixels, std::byte* gray, std::size_t count,
                                      LumaWeights weights) {
  const __m256i red_green = _mm256_set1_epi32(pair(weights.red, weights.green));
  const __m256i blue_one = _mm256_set1_epi32(pair(weights.blue, 1U << (weight_bits - 1)));
  std::size_t i = 0;
  // A load takes four bytes more than it uses: two pixels must lie behind.
  for (; i + 34 <= count; i += 32) {
    const std::byte* const from = pixels + 3 * i;
    const __m256i a = sums_of_rgb(from, red_green, blue_one);
    const __m256i b = sums_of_rgb(from + 24, red_green, blue_one);
    const __m256i c = sums_of_rgb(from + 48, red_green, blue_one);
    const __m256i d = sums_of_rgb(from + 72, red_green, blue_one);
    const __m256i packed =
        _mm256_packus_epi16(_mm256_packus_epi32(a, b), _mm256_packus_epi32(c, d));
    // Packing goes half by half: groups of four come as 0 2 4 6 1 3 5 7.
    const __m256i ordered =
        _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(gray + i), ordered);
  }
  weigh_rest<3>(pixels + 3 * i, gray + i, count - i, weights);
}

/// Eight RGBA pixels become eight pairs of gray and alpha.
[[gnu::target("avx2")]] void rgba_avx2(const std::byte* pixels, std::byte* gray, std::size_t count,
                                       LumaWeights weights) {
  const __m256i red_green = _mm256_set1_epi32(pair(weights.red, weights.green));
  const __m256i blue_one = _mm256_set1_epi32(pair(weights.blue, 1U << (weight_bits - 1)));
  const __m256i ones = _mm256_set1_epi32(1 << 16);
  const __m256i low_bytes = _mm256_set1_epi16(0xFF);
  const __m256i shuffle_red_green =
      _mm256_setr_epi8(0, -1, 1, -1, 4, -1, 5, -1, 8, -1, 9, -1, 12, -1, 13, -1,  //
                       0, -1, 1, -1, 4, -1, 5, -1, 8, -1, 9, -1, 12, -1, 13, -1);
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m256i all = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(pixels + 4 * i));
    const __m256i rg = _mm256_madd_epi16(_mm256_shuffle_epi8(all, shuffle_red_green), red_green);
    // The upper half of a pixel: blue in the low byte, alpha in the high one.
    const __m256i upper = _mm256_srli_epi32(all, 16);
    const __m256i blue = _mm256_and_si256(upper, low_bytes);
    const __m256i b1 = _mm256_madd_epi16(_mm256_or_si256(blue, ones), blue_one);
    const __m256i luma = _mm256_srli_epi32(_mm256_add_epi32(rg, b1), weight_bits);
    const __m256i alpha = _mm256_andnot_si256(low_bytes, upper);
    const __m256i pairs = _mm256_or_si256(luma, alpha);
    const __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi32(pairs, pairs), 0b1000);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(gray + 2 * i), _mm256_castsi256_si128(packed));
  }
  weigh_rest<4>(pixels + 4 * i, gray + 2 * i, count - i, weights);
}

/// Sixteen RGB pixels, four to a quarter, as 32-bit sums.
[[gnu::target("avx512f,avx512bw")]] __m512i sums_of_rgb_512(const std::byte* pixels,
                                                            __m512i red_green, __m512i blue_one) {
  const __m512i pairs_of_red_green = _mm512_broadcast_i32x4(
      _mm_setr_epi8(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1));
  const __m512i pairs_of_blue = _mm512_broadcast_i32x4(
      _mm_setr_epi8(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
  // 48 bytes, spread so that each quarter starts with a pixel.
  const __m512i all = _mm512_maskz_loadu_epi32(0xFFF, reinterpret_cast<const __m512i*>(pixels));
  const __m512i spread = _mm512_permutexvar_epi32(
      _mm512_setr_epi32(0, 1, 2, 0, 3, 4, 5, 0, 6, 7, 8, 0, 9, 10, 11, 0), all);
  const __m512i rg = _mm512_madd_epi16(_mm512_shuffle_epi8(spread, pairs_of_red_green), red_green);
  const __m512i ones = _mm512_set1_epi32(1 << 16);
  const __m512i b1 = _mm512_madd_epi16(
      _mm512_or_si512(_mm512_shuffle_epi8(spread, pairs_of_blue), ones), blue_one);
  return _mm512_srli_epi32(_mm512_add_epi32(rg, b1), weight_bits);
}

[[gnu::target("avx512f,avx512bw")]] void rgb_avx512(const std::byte* pixels, std::byte* gray,
                                                    std::size_t count, LumaWeights weights) {
  const __m512i red_green = _mm512_set1_epi32(pair(weights.red, weights.green));
  const __m512i blue_one = _mm512_set1_epi32(pair(weights.blue, 1U << (weight_bits - 1)));
  std::size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const __m512i sums = sums_of_rgb_512(pixels + 3 * i, red_green, blue_one);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(gray + i), _mm512_cvtepi32_epi8(sums));
  }
  weigh_rest<3>(pixels + 3 * i, gray + i, count - i, weights);
}

}  // namespace

std::vector<LumaKernel> luma_kernels_x86() {
  std::vector<LumaKernel> kernels;
  const bool avx2 = __builtin_cpu_supports("avx2") != 0;
  const bool avx512 =
      __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0;
  if (avx2 && avx512) kernels.push_back({.name = "avx512", .rgb = rgb_avx512, .rgba = rgba_avx2});
  if (avx2) kernels.push_back({.name = "avx2", .rgb = rgb_avx2, .rgba = rgba_avx2});
  return kernels;
}

#else

std::vector<LumaKernel> luma_kernels_x86() {
  return {};
}

#endif

}  // namespace nodeops::image
