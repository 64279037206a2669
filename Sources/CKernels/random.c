#include "iw_random.h"
#include "iw_clones.h"

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

static inline double from_bits(uint64_t bits) {
  double value;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

static inline uint64_t to_bits(double value) {
  uint64_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  return bits;
}

// log x for x in (0, 1): x = 2^e m with m in [sqrt(1/2), sqrt(2)), log m = 2 atanh(s) with
// s = (m - 1) / (m + 1), |s| < 0.1716, by its Taylor series to s^23 (remainder below 1e-19 of
// log m). Cancellation between e log 2 and log m cannot happen: e = 0 or both have one sign, but
// for e = -1, m > 1, where e log 2 dominates.
static inline double log_unit(double x) {
  const uint64_t bits = to_bits(x);
  // Subtracting the bits of sqrt(1/2) before the exponent is read moves the break to sqrt(1/2).
  const uint64_t shifted = bits - 0x3FE6A09E667F3BCDull;
  const int64_t exponent = (int64_t)shifted >> 52;
  const double m = from_bits(bits - ((uint64_t)exponent << 52));
  const double s = (m - 1.0) / (m + 1.0);
  const double q = s * s;
  double p = 2.0 / 23.0;
  p = p * q + 2.0 / 21.0;
  p = p * q + 2.0 / 19.0;
  p = p * q + 2.0 / 17.0;
  p = p * q + 2.0 / 15.0;
  p = p * q + 2.0 / 13.0;
  p = p * q + 2.0 / 11.0;
  p = p * q + 2.0 / 9.0;
  p = p * q + 2.0 / 7.0;
  p = p * q + 2.0 / 5.0;
  p = p * q + 2.0 / 3.0;
  // Adding 2^52 + 2^51 to a small integer puts it in the low mantissa bits: an integer to double
  // conversion that every instruction set has as a vector operation.
  const double e = from_bits((uint64_t)(exponent + 0x4338000000000000ll)) - 0x1.8p52;
  return e * 0x1.62e42fefa39efp-1 + (2.0 * s + s * q * p);
}

// (cos, sin)(2 pi u) for u in (0, 1): u = k/4 + t with |t| <= 1/8, Taylor series of the angle
// 2 pi t (at most pi/4) to orders 18 and 19 (remainder below 1e-19), then the quarter turn by k.
static inline void cos_sin_turn(double u, double *cosine, double *sine) {
  const double shifted = u * 4.0 + 0x1.8p52;
  const uint64_t k = to_bits(shifted);
  const double t = u - (shifted - 0x1.8p52) * 0.25;
  const double x = t * 6.283185307179586477;
  const double q = x * x;
  double c = -1.0 / 6402373705728000.0;
  c = c * q + 1.0 / 20922789888000.0;
  c = c * q - 1.0 / 87178291200.0;
  c = c * q + 1.0 / 479001600.0;
  c = c * q - 1.0 / 3628800.0;
  c = c * q + 1.0 / 40320.0;
  c = c * q - 1.0 / 720.0;
  c = c * q + 1.0 / 24.0;
  c = c * q - 0.5;
  c = c * q + 1.0;
  double s = -1.0 / 121645100408832000.0;
  s = s * q + 1.0 / 355687428096000.0;
  s = s * q - 1.0 / 1307674368000.0;
  s = s * q + 1.0 / 6227020800.0;
  s = s * q - 1.0 / 39916800.0;
  s = s * q + 1.0 / 362880.0;
  s = s * q - 1.0 / 5040.0;
  s = s * q + 1.0 / 120.0;
  s = s * q - 1.0 / 6.0;
  s = s * q * x + x;
  // Quarter turns as bit selects: k odd swaps, and two sign bits.
  const uint64_t swap = 0 - (k & 1);
  const uint64_t cb = to_bits(c), sb = to_bits(s);
  const uint64_t cosine_bits = ((cb & ~swap) | (sb & swap)) ^ (((k + 1) & 2) << 62);
  const uint64_t sine_bits = ((sb & ~swap) | (cb & swap)) ^ ((k & 2) << 62);
  *cosine = from_bits(cosine_bits);
  *sine = from_bits(sine_bits);
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
