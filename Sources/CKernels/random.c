#include "iw_random.h"
#include "iw_clones.h"
#include "unit_math.h"

#define MULTIPLIER_0 0xD2511F53u
#define MULTIPLIER_1 0xCD9E8D57u
#define WEYL_0 0x9E3779B9u
#define WEYL_1 0xBB67AE85u
#define ROUNDS 10

// Blocks of one call that are worked on side by side, one per vector lane.
#define LANES 32

void iw_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < ROUNDS; round++) {
    const uint64_t p0 = (uint64_t)MULTIPLIER_0 * c0;
    const uint64_t p1 = (uint64_t)MULTIPLIER_1 * c2;
    const uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    const uint32_t n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)p1;
    c3 = (uint32_t)p0;
    c0 = n0;
    c2 = n2;
    k0 += WEYL_0;
    k1 += WEYL_1;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

// The two 64-bit words of LANES consecutive blocks: the loop above with a lane index.
static inline __attribute__((always_inline)) void philox_lanes(uint64_t seed, uint32_t stream,
                                                               uint64_t particle, uint64_t block,
                                                               uint64_t first[LANES],
                                                               uint64_t second[LANES]) {
  uint32_t c0[LANES], c1[LANES], c2[LANES], c3[LANES];
  for (int l = 0; l < LANES; l++) {
    c0[l] = (uint32_t)(block + (uint64_t)l);
    c1[l] = stream;
    c2[l] = (uint32_t)particle;
    c3[l] = (uint32_t)(particle >> 32);
  }
  uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
  for (int round = 0; round < ROUNDS; round++) {
    for (int l = 0; l < LANES; l++) {
      const uint64_t p0 = (uint64_t)MULTIPLIER_0 * c0[l];
      const uint64_t p1 = (uint64_t)MULTIPLIER_1 * c2[l];
      const uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1[l] ^ k0;
      const uint32_t n2 = (uint32_t)(p0 >> 32) ^ c3[l] ^ k1;
      c1[l] = (uint32_t)p1;
      c3[l] = (uint32_t)p0;
      c0[l] = n0;
      c2[l] = n2;
    }
    k0 += WEYL_0;
    k1 += WEYL_1;
  }
  for (int l = 0; l < LANES; l++) {
    first[l] = ((uint64_t)c1[l] << 32) | c0[l];
    second[l] = ((uint64_t)c3[l] << 32) | c2[l];
  }
}

static inline double unit_interval(uint64_t bits) {
  return ((double)(int64_t)(bits >> 11) + 0.5) * 0x1p-53;
}

// Copies the part of numbers [2 * block, 2 * (block + LANES)) that lies in [first, first + count).
static inline void deliver(const double *even, const double *odd, uint64_t block, uint64_t first,
                           size_t count, double *out) {
  const uint64_t end = first + count;
  for (int l = 0; l < LANES; l++) {
    const uint64_t index = 2 * (block + (uint64_t)l);
    if (index >= first && index < end) out[index - first] = even[l];
    if (index + 1 >= first && index + 1 < end) out[index + 1 - first] = odd[l];
  }
}

IW_CLONES void iw_uniforms(uint64_t seed, uint32_t stream, uint64_t particle, uint64_t first,
                           size_t count, double *out) {
  const uint64_t end = first + count;
  for (uint64_t block = first / 2; 2 * block < end; block += LANES) {
    uint64_t w0[LANES], w1[LANES];
    double even[LANES], odd[LANES];
    philox_lanes(seed, stream, particle, block, w0, w1);
    for (int l = 0; l < LANES; l++) {
      even[l] = unit_interval(w0[l]);
      odd[l] = unit_interval(w1[l]);
    }
    deliver(even, odd, block, first, count, out);
  }
}

IW_CLONES void iw_normals(uint64_t seed, uint32_t stream, uint64_t particle, uint64_t first,
                          size_t count, double *out) {
  const uint64_t end = first + count;
  for (uint64_t block = first / 2; 2 * block < end; block += LANES) {
    uint64_t w0[LANES], w1[LANES];
    double even[LANES], odd[LANES];
    philox_lanes(seed, stream, particle, block, w0, w1);
    for (int l = 0; l < LANES; l++) {
      const double radius = __builtin_elementwise_sqrt(-2.0 * log_unit(unit_interval(w0[l])));
      double cosine, sine;
      cos_sin_turn(unit_interval(w1[l]), &cosine, &sine);
      even[l] = radius * cosine;
      odd[l] = radius * sine;
    }
    deliver(even, odd, block, first, count, out);
  }
}
