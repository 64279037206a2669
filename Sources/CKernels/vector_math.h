// tanh, erf, exp(-x^2), exp(-|x|), log(1 + exp(x)) without branches, tables or calls, so that a loop over them becomes
// vector instructions: the C library's take one number at a time. For the precision that the
// including file defines (REAL, BITS, MANTISSA_BITS, NAME). No operation here depends on the
// instruction set (iw_clones.h turns contraction off), so all clones of a loop give identical bits.
//
// The largest errors are measured on dense grids of both signs, from the smallest subnormal number
// to beyond saturation; VectorizedActivationTests.swift holds the functions to them. NaN gives NaN.
// Floating-point exception flags mean nothing: both sides of a selection are computed.
#include <string.h>

#include "erf_coefficients.h"
#include "iw_clones.h"

#if MANTISSA_BITS == 52
#define EXPONENT_BIAS 1023
// The Taylor polynomial of exp to this power leaves 2e-17 of exp(r) - 1 for |r| <= log(2) / 2.
#define TAYLOR_DEGREE 13
// log 2 in two parts, the first with 21 zero bits at its end: n * LOG2_HIGH is exact.
#define LOG2_HIGH 0x1.62e42feep-1
#define LOG2_LOW 0x1.a39ef35793c76p-33
// exp(-SQUARE_LAST^2) is below half the smallest subnormal number.
#define SQUARE_LAST 28.0
// tanh TANH_LAST rounds to 1.
#define TANH_LAST 20.0
// exp(-EXPONENTIAL_LAST) is below half the smallest subnormal number.
#define EXPONENTIAL_LAST 746.0
// (1/9)^k / (2 k + 1) is 6e-19 at this k.
#define LOGARITHM_TERMS 18
#else
#define EXPONENT_BIAS 127
// Leaves 2e-8 of exp(r) - 1.
#define TAYLOR_DEGREE 7
// The first part has 9 zero bits at its end.
#define LOG2_HIGH 0x1.62e4p-1f
#define LOG2_LOW 0x1.7f7d1cp-20f
#define SQUARE_LAST 11.0f
#define TANH_LAST 10.0f
#define EXPONENTIAL_LAST 104.0f
// 7e-10.
#define LOGARITHM_TERMS 9
#endif

#define SIGN_BIT ((BITS)1 << (sizeof(BITS) * 8 - 1))

static const REAL inverse_factorials[] = {
    1.0, 1.0, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320,
    1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800,
};
// Of atanh(s) / s in s^2.
static const REAL inverse_odd_numbers[] = {
    1.0,      1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11, 1.0 / 13, 1.0 / 15, 1.0 / 17,
    1.0 / 19, 1.0 / 21, 1.0 / 23, 1.0 / 25, 1.0 / 27, 1.0 / 29, 1.0 / 31, 1.0 / 33, 1.0 / 35,
};
static const REAL erf_near_zero[] = NAME(ERF_NEAR_ZERO);
static const REAL erf_complement[] = NAME(ERF_COMPLEMENT);

#define VECTORIZED static inline __attribute__((always_inline))

VECTORIZED BITS to_bits(REAL x) {
  BITS bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

VECTORIZED REAL from_bits(BITS bits) {
  REAL x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

VECTORIZED REAL magnitude(REAL x) { return from_bits(to_bits(x) & ~SIGN_BIT); }

// The magnitude of `size` with the sign of `sign`.
VECTORIZED REAL with_sign(REAL size, REAL sign) {
  return from_bits((to_bits(size) & ~SIGN_BIT) | (to_bits(sign) & SIGN_BIT));
}

// min(x, last), and NaN for NaN.
VECTORIZED REAL at_most(REAL x, REAL last) { return x > last ? last : x; }

// condition ? yes : no by bits: a branch around either value would bar vector instructions.
VECTORIZED REAL select(int condition, REAL yes, REAL no) {
  const BITS mask = 0 - (BITS)(condition != 0);
  return from_bits((to_bits(yes) & mask) | (to_bits(no) & ~mask));
}

// c[0] + c[1] x + ... by Horner's rule; callers work on several numbers at once, which hides the
// latency that a tree of products would shorten.
VECTORIZED REAL polynomial(const REAL *c, int terms, REAL x) {
  REAL sum = c[terms - 1];
  for (int i = terms - 2; i >= 0; i--) sum = sum * x + c[i];
  return sum;
}
#define POLYNOMIAL(c, x) polynomial(c, sizeof(c) / sizeof((c)[0]), x)

// The sum holds the nearest integer n to x in the low bits of its mantissa, in two's complement,
// and less the same constant it is n as a floating-point number: a conversion that every
// instruction set has as vector operations.
#define ROUNDING_SHIFT ((REAL)((BITS)3 << (MANTISSA_BITS - 1)))

// 2^(n + up) from x + ROUNDING_SHIFT, where -EXPONENT_BIAS < n + up <= EXPONENT_BIAS.
VECTORIZED REAL power_of_two(REAL shifted, int up) {
  return from_bits((to_bits(shifted) + (BITS)(EXPONENT_BIAS + up)) << MANTISSA_BITS);
}

// 2^n p, where 2^n may be subnormal or zero: in two factors, of which the second product alone rounds.
VECTORIZED REAL times_power_of_two(REAL p, REAL shifted) {
  const int up = EXPONENT_BIAS / 2;
  return p * power_of_two(shifted, up) * power_of_two(ROUNDING_SHIFT, -up);
}

// exp(r) - 1 for |r| <= log(2) / 2, with small relative error for small r also.
VECTORIZED REAL expm1_reduced(REAL r) {
  return r + r * r * polynomial(inverse_factorials + 2, TAYLOR_DEGREE - 1, r);
}

#define LOG2_E ((REAL)1.442695040888963407)

// exp(-x^2); error below 3 units in the last place for every x, down to subnormal results and 0.
// The square is the sum of two parts, the first exact: x^2 rounded to one number would cost x^2 / 2
// units.
VECTORIZED REAL exp_minus_square(REAL x) {
  const REAL a = at_most(magnitude(x), SQUARE_LAST);
  const REAL high = from_bits(to_bits(a) & ~(((BITS)1 << ((MANTISSA_BITS + 3) / 2)) - 1));
  const REAL low_square = (a - high) * (a + high);
  const REAL shifted = ROUNDING_SHIFT - a * a * LOG2_E;
  const REAL n = shifted - ROUNDING_SHIFT;
  const REAL r = (-(high * high) - n * LOG2_HIGH) - (n * LOG2_LOW + low_square);
  const REAL p = 1 + expm1_reduced(r);
  return times_power_of_two(p, shifted);
}

// tanh x = -m / (m + 2) with m = exp(-2 |x|) - 1 and the sign of x; error below 3 units in the last
// place; exactly +-1 beyond TANH_LAST. m = 2^n p + (2^n - 1), p = exp(r) - 1, which is p where
// n = 0: no cancellation near zero, and no branch.
VECTORIZED REAL vector_tanh(REAL x) {
  const REAL y = -2 * at_most(magnitude(x), TANH_LAST);
  const REAL shifted = ROUNDING_SHIFT + y * LOG2_E;
  const REAL n = shifted - ROUNDING_SHIFT;
  const REAL p = expm1_reduced((y - n * LOG2_HIGH) - n * LOG2_LOW);
  const REAL scale = power_of_two(shifted, 0);
  const REAL m = scale * p + (scale - 1);
  return with_sign(m / (m + 2), x);
}

// erf x; error below 2 units in the last place; exactly +-1 beyond ERF_LAST. Two polynomials (see
// Scripts/make_erf_coefficients.py): x + x P(x^2) for |x| < ERF_BREAK, 1 - exp(-x^2) Q(t) beyond.
VECTORIZED REAL vector_erf(REAL x) {
  const REAL a = magnitude(x);
  const REAL near_zero = a + a * POLYNOMIAL(erf_near_zero, a * a);
  const REAL b = at_most(a, NAME(ERF_LAST));
  const REAL t = (b - (REAL)ERF_CENTRE) / (b + (REAL)ERF_CENTRE);
  const REAL beyond = 1 - exp_minus_square(a) * POLYNOMIAL(erf_complement, t);
  return with_sign(select(a < (REAL)ERF_BREAK, near_zero, beyond), x);
}

// The normal distribution function. Far below zero 1 + erf cancels: the error is absolute, as that of
// a sum over particles.
VECTORIZED REAL normal_distribution(REAL z) {
  return ((REAL)1 + vector_erf(z * (REAL)0.707106781186547524)) / 2;
}

// exp(-|x|); error below 2 units in the last place, down to subnormal results and 0.
VECTORIZED REAL exp_minus_magnitude(REAL x) {
  const REAL y = -at_most(magnitude(x), EXPONENTIAL_LAST);
  const REAL shifted = ROUNDING_SHIFT + y * LOG2_E;
  const REAL n = shifted - ROUNDING_SHIFT;
  const REAL p = 1 + expm1_reduced((y - n * LOG2_HIGH) - n * LOG2_LOW);
  return times_power_of_two(p, shifted);
}

// log(1 + exp(x)) = max(x, 0) + log(1 + e), e = exp(-|x|); error below 3 units in the last place. log(1 + e) is
// 2 atanh(s), s = e / (2 + e) <= 1/3, with the relative accuracy of e where that is small.
VECTORIZED REAL vector_softplus(REAL x) {
  const REAL e = exp_minus_magnitude(x);
  const REAL s = e / (2 + e);
  const REAL logarithm = 2 * s * polynomial(inverse_odd_numbers, LOGARITHM_TERMS, s * s);
  return (x > 0 ? x : 0) + logarithm;
}

// 1 / (1 + exp(-x)), the derivative of softplus; error below 3 units in the last place.
VECTORIZED REAL logistic(REAL x) {
  const REAL e = exp_minus_magnitude(x);
  return (x >= 0 ? 1 : e) / (1 + e);
}
