// SPDX-License-Identifier: MIT
#include "csv/scan_x86.hpp"

#if defined(__x86_64__)

#include <immintrin.h>

#include "csv/scan_word.hpp"

namespace nodeops::csv {
namespace {

/// The special bytes, each as often as a vector holds it. With quoting off, `quoting` lets no quote
/// be seen.
struct WantedAvx2 {
  __m256i delimiter;
  __m256i quote;
  __m256i newline;
  std::uint64_t quoting;
};
struct WantedAvx512 {
  __m512i delimiter;
  __m512i quote;
  __m512i newline;
  std::uint64_t quoting;
};

[[gnu::target("avx2,bmi,bmi2,lzcnt,popcnt"), gnu::always_inline]] inline std::uint64_t equal_bytes(
    __m256i low, __m256i high, __m256i wanted) {
  const auto low_bits =
      static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)));
  const auto high_bits =
      static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)));
  return low_bits | static_cast<std::uint64_t>(high_bits) << 32;
}

[[gnu::target("avx2,bmi,bmi2,lzcnt,popcnt"), gnu::always_inline]] inline WordMasks load_avx2(
    const char* text, const WantedAvx2& wanted) {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32));
  return {equal_bytes(low, high, wanted.delimiter),
          equal_bytes(low, high, wanted.quote) & wanted.quoting,
          equal_bytes(low, high, wanted.newline)};
}

[[gnu::target("avx2,bmi,bmi2,lzcnt,popcnt")]] void scan_avx2(const char* text, std::size_t size,
                                                             const Dialect& dialect,
                                                             ScanState& state, ScanIndex& index) {
  const WantedAvx2 wanted{_mm256_set1_epi8(dialect.delimiter), _mm256_set1_epi8(dialect.quote),
                          _mm256_set1_epi8(dialect.record_end()),
                          dialect.quoting ? ~std::uint64_t{0} : 0};
  ScanCursor cursor(state, index);
  PortionMasks masks;
  for (std::size_t at = 0; at < size;) {
    const std::size_t words = words_in_portion(size - at);
    for (std::size_t i = 0; i < words; ++i) masks[i] = load_avx2(text + at + i * 64, wanted);
    at = resolve_portion(masks, words, at, size, cursor, index);
  }
  finish_scan(cursor, state, index);
}

[[gnu::target("avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt"), gnu::always_inline]] inline WordMasks
load_avx512(const char* text, const WantedAvx512& wanted) {
  const __m512i bytes = _mm512_loadu_si512(text);
  return {_mm512_cmpeq_epi8_mask(bytes, wanted.delimiter),
          _mm512_cmpeq_epi8_mask(bytes, wanted.quote) & wanted.quoting,
          _mm512_cmpeq_epi8_mask(bytes, wanted.newline)};
}

[[gnu::target("avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt")]] void scan_avx512(const char* text,
                                                                            std::size_t size,
                                                                            const Dialect& dialect,
                                                                            ScanState& state,
                                                                            ScanIndex& index) {
  const WantedAvx512 wanted{_mm512_set1_epi8(dialect.delimiter), _mm512_set1_epi8(dialect.quote),
                            _mm512_set1_epi8(dialect.record_end()),
                            dialect.quoting ? ~std::uint64_t{0} : 0};
  ScanCursor cursor(state, index);
  PortionMasks masks;
  for (std::size_t at = 0; at < size;) {
    const std::size_t words = words_in_portion(size - at);
    for (std::size_t i = 0; i < words; ++i) masks[i] = load_avx512(text + at + i * 64, wanted);
    at = resolve_portion(masks, words, at, size, cursor, index);
  }
  finish_scan(cursor, state, index);
}

}  // namespace

std::vector<ScanKernel> x86_scan_kernels() {
  std::vector<ScanKernel> kernels;
  const bool bits = __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                    __builtin_cpu_supports("popcnt");
  if (bits && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
    kernels.push_back({"avx512", scan_avx512});
  }
  if (bits && __builtin_cpu_supports("avx2")) kernels.push_back({"avx2", scan_avx2});
  return kernels;
}

}  // namespace nodeops::csv

#else

namespace nodeops::csv {

std::vector<ScanKernel> x86_scan_kernels() {
  return {};
}

}  // namespace nodeops::csv

#endif
