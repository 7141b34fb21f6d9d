// RFC 7693, with the final block as the only one.
#include "base/blake2b_lanes.h"

#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace base {

#if defined(__x86_64__)
namespace {

constexpr std::uint64_t kInitial[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                       0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                       0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

constexpr std::uint8_t kSchedule[12][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                            {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                            {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                            {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                            {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                            {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                            {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                            {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                            {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                            {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
                                            {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                            {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3}};

// Where the two message words of the eight steps of a round go: columns, then diagonals.
constexpr std::uint8_t kSteps[8][4] = {{0, 4, 8, 12},  {1, 5, 9, 13},  {2, 6, 10, 14},
                                       {3, 7, 11, 15}, {0, 5, 10, 15}, {1, 6, 11, 12},
                                       {2, 7, 8, 13},  {3, 4, 9, 14}};

// What follows may use AVX2; it is called on processors that have it.
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

inline __m256i rotate_24(__m256i x) {
  return _mm256_shuffle_epi8(
      x, _mm256_setr_epi8(3, 4, 5, 6, 7, 0, 1, 2, 11, 12, 13, 14, 15, 8, 9, 10, 3, 4, 5, 6, 7, 0, 1,
                          2, 11, 12, 13, 14, 15, 8, 9, 10));
}

inline __m256i rotate_16(__m256i x) {
  return _mm256_shuffle_epi8(
      x, _mm256_setr_epi8(2, 3, 4, 5, 6, 7, 0, 1, 10, 11, 12, 13, 14, 15, 8, 9, 2, 3, 4, 5, 6, 7, 0,
                          1, 10, 11, 12, 13, 14, 15, 8, 9));
}

inline void mix(__m256i& a, __m256i& b, __m256i& c, __m256i& d, const __m256i& x,
                const __m256i& y) {
  a = _mm256_add_epi64(_mm256_add_epi64(a, b), x);
  d = _mm256_shuffle_epi32(_mm256_xor_si256(d, a), _MM_SHUFFLE(2, 3, 0, 1));
  c = _mm256_add_epi64(c, d);
  b = rotate_24(_mm256_xor_si256(b, c));
  a = _mm256_add_epi64(_mm256_add_epi64(a, b), y);
  d = rotate_16(_mm256_xor_si256(d, a));
  c = _mm256_add_epi64(c, d);
  b = _mm256_xor_si256(b, c);
  b = _mm256_or_si256(_mm256_add_epi64(b, b), _mm256_srli_epi64(b, 63));
}

void compress(const std::array<std::string_view, kBlake2bLanes>& messages, std::size_t digest_bytes,
              std::uint64_t digests[8][kBlake2bLanes]) {
  alignas(32) std::uint64_t blocks[kBlake2bLanes][16] = {};
  for (std::size_t lane = 0; lane < kBlake2bLanes; ++lane) {
    std::memcpy(blocks[lane], messages[lane].data(), messages[lane].size());
  }
  __m256i words[16];
  for (int group = 0; group < 16; group += 4) {
    const auto row = [&](int lane) {
      return _mm256_load_si256(reinterpret_cast<const __m256i*>(&blocks[lane][group]));
    };
    const __m256i low_01 = _mm256_unpacklo_epi64(row(0), row(1));
    const __m256i high_01 = _mm256_unpackhi_epi64(row(0), row(1));
    const __m256i low_23 = _mm256_unpacklo_epi64(row(2), row(3));
    const __m256i high_23 = _mm256_unpackhi_epi64(row(2), row(3));
    words[group] = _mm256_permute2x128_si256(low_01, low_23, 0x20);
    words[group + 1] = _mm256_permute2x128_si256(high_01, high_23, 0x20);
    words[group + 2] = _mm256_permute2x128_si256(low_01, low_23, 0x31);
    words[group + 3] = _mm256_permute2x128_si256(high_01, high_23, 0x31);
  }

  __m256i initial[8];
  for (int i = 0; i < 8; ++i) initial[i] = _mm256_set1_epi64x(static_cast<long long>(kInitial[i]));
  // The parameter block: digest length, no key, fanout and depth 1.
  initial[0] = _mm256_xor_si256(
      initial[0], _mm256_set1_epi64x(static_cast<long long>(0x01010000 ^ digest_bytes)));

  __m256i state[16];
  for (int i = 0; i < 8; ++i) {
    state[i] = initial[i];
    state[8 + i] = _mm256_set1_epi64x(static_cast<long long>(kInitial[i]));
  }
  const auto length = [&](int lane) { return static_cast<long long>(messages[lane].size()); };
  state[12] =
      _mm256_xor_si256(state[12], _mm256_setr_epi64x(length(0), length(1), length(2), length(3)));
  state[14] = _mm256_xor_si256(state[14], _mm256_set1_epi64x(-1));

#pragma GCC unroll 12
  for (int round = 0; round < 12; ++round) {
#pragma GCC unroll 8
    for (int step = 0; step < 8; ++step) {
      mix(state[kSteps[step][0]], state[kSteps[step][1]], state[kSteps[step][2]],
          state[kSteps[step][3]], words[kSchedule[round][2 * step]],
          words[kSchedule[round][2 * step + 1]]);
    }
  }
  for (int i = 0; i < 8; ++i) {
    const __m256i digest = _mm256_xor_si256(initial[i], _mm256_xor_si256(state[i], state[8 + i]));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(digests[i]), digest);
  }
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

}  // namespace

bool blake2b_lanes_available() { return __builtin_cpu_supports("avx2") != 0; }

void blake2b_lanes(const std::array<std::string_view, kBlake2bLanes>& messages,
                   std::size_t digest_bytes,
                   const std::array<std::uint8_t*, kBlake2bLanes>& outputs) {
  std::uint64_t digests[8][kBlake2bLanes];
  compress(messages, digest_bytes, digests);
  for (std::size_t lane = 0; lane < kBlake2bLanes; ++lane) {
    std::uint64_t words[8];
    for (int i = 0; i < 8; ++i) words[i] = digests[i][lane];
    std::memcpy(outputs[lane], words, digest_bytes);
  }
}

#else

bool blake2b_lanes_available() { return false; }

void blake2b_lanes(const std::array<std::string_view, kBlake2bLanes>&, std::size_t,
                   const std::array<std::uint8_t*, kBlake2bLanes>&) {}

#endif

}  // namespace base
