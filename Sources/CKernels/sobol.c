#include "iw_sobol.h"
#include "iw_clones.h"
#include "sobol_joe_kuo.h"

// Dimensions that are worked on side by side: their states, keys and most used direction numbers
// stay in the first-level cache.
#define TILE 256

// Reads `bits` bits from the stream of 64-bit words, lowest first.
static uint32_t next_bits(const uint64_t *words, size_t *position, unsigned bits) {
  const size_t word = *position / 64;
  const unsigned offset = (unsigned)(*position % 64);
  uint64_t value = words[word] >> offset;
  if (offset + bits > 64) value |= words[word + 1] << (64 - offset);
  *position += bits;
  return (uint32_t)(value & ((1ull << bits) - 1));
}

// Bratley and Fox (1988), "Algorithm 659", from the primitive polynomial
// x^s + a_1 x^(s-1) + ... + a_(s-1) x + 1 of a dimension and its initial odd m_1 ... m_s:
// m_k = 2 a_1 m_(k-1) ^ ... ^ 2^(s-1) a_(s-1) m_(k-s+1) ^ 2^s m_(k-s) ^ m_(k-s), v_k = m_k / 2^k.
void iw_sobol_directions(size_t dimensions, uint32_t *directions) {
  size_t position = 0;
  unsigned degree = 0;
  for (size_t d = 0; d < dimensions; d++) {
    // m[k] is m_(k+1).
    uint32_t m[IW_SOBOL_BITS];
    while (d >= sobol_degree_ends[degree]) degree++;
    if (degree == 0) {
      // The first dimension is van der Corput's sequence.
      for (unsigned k = 0; k < IW_SOBOL_BITS; k++) m[k] = 1;
    } else {
      const uint32_t coefficients = next_bits(sobol_packed, &position, degree - 1);
      m[0] = 1;
      for (unsigned k = 1; k < degree; k++) m[k] = 2 * next_bits(sobol_packed, &position, k) + 1;
      for (unsigned k = degree; k < IW_SOBOL_BITS; k++) {
        m[k] = m[k - degree] ^ (m[k - degree] << degree);
        for (unsigned j = 1; j < degree; j++) {
          const uint32_t a = (coefficients >> (degree - 1 - j)) & 1;
          m[k] ^= (a * m[k - j]) << j;
        }
      }
    }
    for (unsigned k = 0; k < IW_SOBOL_BITS; k++) {
      directions[k * dimensions + d] = __builtin_bitreverse32(m[k] << (IW_SOBOL_BITS - 1 - k));
    }
  }
}

// Nested uniform scrambling (Owen 1995): every digit is flipped or not, at random, depending on all
// higher digits. Here, with the digits reversed (the highest is the lowest bit), by arithmetic modulo
// 2^32, in which no carry runs from a bit to lower ones (Burley 2020, "Practical hash-based Owen
// scrambling"), and which is one to one: additions, products with odd numbers, x ^ (even) x,
// x + (even) x^2.
//
// The last step alone, x -> m x + s with m uniform on the odd numbers and s uniform, already gives
// any two points the joint law of nested uniform scrambling. Let j be the lowest bit in which x and
// y differ: x - y = 2^j (odd), so m (x - y) is uniform on 2^j times the odd numbers; m x + s is
// uniform whatever m. The images therefore agree in the bits below j, differ in bit j, and their
// other bits are independent and uniform. The steps before keep the first differing bit, whatever
// their keys, hence also this law. Variances of integrals depend on pairs of points only: they are
// exactly Owen's. The steps before serve the joint law of more than two points, which the last alone
// would leave affine: over random keys the 7 flips of the three highest digits are jointly uniform,
// and so are the 8 of the fourth; of all these 15 together three sums modulo 2, of 8 or 12 terms, are
// constant. The mean of x over up to 4096 points has the kurtosis of nested uniform scrambling (3, the
// normal law's) to the percent that was measured, where the last step alone makes heavy tails.
static inline __attribute__((always_inline)) uint32_t scramble(uint32_t x, const uint32_t *keys,
                                                               size_t stride) {
  const uint32_t first_even = keys[stride] & ~1u;
  x += keys[0];
  x ^= x * first_even;
  x += keys[2 * stride];
  x += 2 * x * x * keys[3 * stride];
  x ^= x * (keys[4 * stride] & ~1u);
  x += keys[5 * stride];
  x ^= x * first_even;
  return x * (keys[6 * stride] | 1u) + keys[7 * stride];
}

// The open unit interval's number of reversed digits: (v + 1/2) / 2^32.
static inline __attribute__((always_inline)) double unit_interval(uint32_t reversed) {
  return ((double)__builtin_bitreverse32(reversed) + 0.5) * 0x1p-32;
}

// The points of one tile of `width` <= TILE dimensions. Gray code order (Antonov and Saleev 1979):
// the digits of index i are those of the binary number i ^ (i >> 1), so that each point differs from
// the one before by one direction number.
IW_CLONES static void fill_tile(const uint32_t *directions, const uint32_t *keys, size_t dimensions,
                                size_t width, uint64_t first, size_t count, double *out) {
  uint32_t state[TILE];
  const uint64_t gray = first ^ (first >> 1);
  for (size_t d = 0; d < width; d++) state[d] = 0;
  for (unsigned k = 0; k < IW_SOBOL_BITS; k++) {
    if (!((gray >> k) & 1)) continue;
    for (size_t d = 0; d < width; d++) state[d] ^= directions[k * dimensions + d];
  }
  for (size_t r = 0; r < count; r++) {
    double *row = out + r * dimensions;
    if (r > 0) {
      const uint32_t *change = directions + (size_t)__builtin_ctzll(first + r) * dimensions;
      for (size_t d = 0; d < width; d++) state[d] ^= change[d];
    }
    if (keys) {
      for (size_t d = 0; d < width; d++) {
        row[d] = unit_interval(scramble(state[d], keys + d, dimensions));
      }
    } else {
      for (size_t d = 0; d < width; d++) row[d] = unit_interval(state[d]);
    }
  }
}

void iw_sobol_uniforms(const uint32_t *directions, const uint32_t *keys, size_t dimensions,
                       uint64_t first, size_t count, double *out) {
  for (size_t d = 0; d < dimensions; d += TILE) {
    const size_t width = dimensions - d < TILE ? dimensions - d : TILE;
    fill_tile(directions + d, keys ? keys + d : 0, dimensions, width, first, count, out + d);
  }
}
