// SPDX-License-Identifier: MIT
#include "image/png_filter_x86.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#include "image/png_filter_byte.hpp"

namespace nodeops::image {
namespace {

constexpr std::size_t width = 32;

struct Neighbours {
  __m256i here;
  __m256i left;
  __m256i above;
  __m256i between;
};

[[gnu::target("avx2"), gnu::always_inline]] inline __m256i load(const std::uint8_t* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

[[gnu::target("avx2"), gnu::always_inline]] inline Neighbours neighbours(const FilterRow& row,
                                                                         std::size_t i) {
  const std::uint8_t* here = row.bytes + i;
  const std::uint8_t* above = row.above + i;
  return {load(here), load(here - row.pixel_bytes), load(above), load(above - row.pixel_bytes)};
}

/// |a - b| of unsigned bytes.
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i difference(__m256i a, __m256i b) {
  return _mm256_or_si256(_mm256_subs_epu8(a, b), _mm256_subs_epu8(b, a));
}

/// a <= b of unsigned bytes.
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i at_most(__m256i a, __m256i b) {
  return _mm256_cmpeq_epi8(_mm256_min_epu8(a, b), a);
}

/// In bytes throughout: left + above - 2 * between is the sum of two differences where both point
/// the same way (a sum over 255 is never the smallest) and the difference of both where not.
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i paeth_bytes(const Neighbours& n) {
  const __m256i to_left = difference(n.above, n.between);
  const __m256i to_above = difference(n.left, n.between);
  const __m256i same_way =
      _mm256_cmpeq_epi8(at_most(n.between, n.above), at_most(n.between, n.left));
  const __m256i to_between = _mm256_blendv_epi8(difference(to_left, to_above),
                                                _mm256_adds_epu8(to_left, to_above), same_way);
  const __m256i rest = _mm256_blendv_epi8(n.between, n.above, at_most(to_above, to_between));
  const __m256i left_wins =
      _mm256_and_si256(at_most(to_left, to_above), at_most(to_left, to_between));
  return _mm256_blendv_epi8(rest, n.left, left_wins);
}

template <std::size_t filter>
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i filtered(const Neighbours& n) {
  if constexpr (filter == 0) return n.here;
  if constexpr (filter == 1) return _mm256_sub_epi8(n.here, n.left);
  if constexpr (filter == 2) return _mm256_sub_epi8(n.here, n.above);
  if constexpr (filter == 3) {
    // The instruction rounds up, PNG down.
    const __m256i odd = _mm256_and_si256(_mm256_xor_si256(n.left, n.above), _mm256_set1_epi8(1));
    return _mm256_sub_epi8(n.here, _mm256_sub_epi8(_mm256_avg_epu8(n.left, n.above), odd));
  }
  return _mm256_sub_epi8(n.here, paeth_bytes(n));
}

template <std::size_t filter>
[[gnu::target("avx2"), gnu::always_inline]] inline __m256i plus_distance(__m256i sum,
                                                                         const Neighbours& n) {
  return _mm256_add_epi64(
      sum, _mm256_sad_epu8(_mm256_abs_epi8(filtered<filter>(n)), _mm256_setzero_si256()));
}

[[gnu::target("avx2")]] std::uint64_t total(__m256i sums) {
  const __m128i two =
      _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(two)) +
         static_cast<std::uint64_t>(_mm_extract_epi64(two, 1));
}

[[gnu::target("avx2")]] std::array<std::uint64_t, filter_count> costs_avx2(const FilterRow& row) {
  __m256i none = _mm256_setzero_si256();
  __m256i sub = none;
  __m256i up = none;
  __m256i average = none;
  __m256i nearest = none;
  std::size_t i = 0;
  for (; i + width <= row.size; i += width) {
    const Neighbours n = neighbours(row, i);
    none = plus_distance<0>(none, n);
    sub = plus_distance<1>(sub, n);
    up = plus_distance<2>(up, n);
    average = plus_distance<3>(average, n);
    nearest = plus_distance<4>(nearest, n);
  }
  std::array<std::uint64_t, filter_count> costs{total(none), total(sub), total(up), total(average),
                                                total(nearest)};
  for (; i < row.size; ++i) {
    costs[0] += distance(filtered_byte<0>(row, i));
    costs[1] += distance(filtered_byte<1>(row, i));
    costs[2] += distance(filtered_byte<2>(row, i));
    costs[3] += distance(filtered_byte<3>(row, i));
    costs[4] += distance(filtered_byte<4>(row, i));
  }
  return costs;
}

template <std::size_t filter>
[[gnu::target("avx2")]] void apply_one(const FilterRow& row, std::uint8_t* out) {
  std::size_t i = 0;
  for (; i + width <= row.size; i += width) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + i), filtered<filter>(neighbours(row, i)));
  }
  for (; i < row.size; ++i) out[i] = filtered_byte<filter>(row, i);
}

void apply_avx2(std::size_t filter, const FilterRow& row, std::uint8_t* out) {
  with_filter(filter, [&]<std::size_t number>() { apply_one<number>(row, out); });
}

}  // namespace

std::vector<FilterKernel> x86_filter_kernels() {
  if (!__builtin_cpu_supports("avx2")) return {};
  return {{.name = "avx2", .costs = costs_avx2, .apply = apply_avx2}};
}

}  // namespace nodeops::image

#else

namespace nodeops::image {

std::vector<FilterKernel> x86_filter_kernels() {
  return {};
}

}  // namespace nodeops::image

#endif
