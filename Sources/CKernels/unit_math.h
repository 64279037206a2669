// Bits of doubles, logarithm on (0, 1), sine and cosine of turns, without branches, tables or calls:
// loops over them become vector instructions, and results do not depend on the C library or on the
// instruction set (contraction is off, see iw_clones.h).
#ifndef INFINITEWIDTH_UNIT_MATH_H
#define INFINITEWIDTH_UNIT_MATH_H

#include <stdint.h>

#include "iw_clones.h"

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

// (cos, sin)(2 pi u) for u in [0, 2): u = k/4 + t with |t| <= 1/8, Taylor series of the angle
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

#endif
