// One source for both precisions; see iw_smoothing.h for what each function computes. Included by
// smoothing_f32.c and smoothing_f64.c with REAL, BITS (the unsigned integer of its size),
// MANTISSA_BITS, NAME and the C library's SIN and COS defined.
//
// Gaussian T, with n the normal density and Phi the normal distribution function:
//   E Phi(z + tau T) = P(N <= z + tau T) = Phi(z / sqrt(1 + tau^2)), so by erf x = 2 Phi(sqrt2 x) - 1
//   E erf(z + tau T) = erf(z / sqrt(1 + 2 tau^2));
//   Stein's identity E x g(x) = z E g + tau^2 E g' for x = z + tau T and g = Phi gives the gelu's
//   z Phi(z q) + tau^2 q n(z q), q = 1 / sqrt(1 + tau^2), as E n(x) is the derivative in z of E Phi(x);
//   E sin(z + tau T) = exp(-tau^2 / 2) sin z, the imaginary part of E exp(i (z + tau T)).
// Piecewise linear phi = slope z + (1 - slope) max(z, 0) and T of any symmetric law:
//   E max(z + tau T, 0) = max(z, 0) + tau H(|z| / tau), H(v) = E max(T - v, 0): for z < 0 this is
//   scaling, for z >= 0 use max(x, 0) = x + max(-x, 0) and -T ~ T.
#include <math.h>
#include <string.h>

#include "iw_clones.h"
#include "iw_smoothing.h"
#include "vector_math.h"

#define KINK_TERMS NAME(IW_KINK_TERMS)

// Columns whose constants are worked out together, then used for every row.
#define COLUMNS 256

#define SQRT_HALF ((REAL)0.707106781186547524)
// 1 / sqrt(2 pi)
#define DENSITY_AT_ZERO ((REAL)0.398942280401432678)

VECTORIZED REAL normal_density(REAL z) { return DENSITY_AT_ZERO * exp_minus_square(z * SQRT_HALF); }

VECTORIZED REAL square_root(REAL x) { return __builtin_elementwise_sqrt(x); }

// w of a kink table; 0 where tau = 0, for z = 0 also.
VECTORIZED REAL kink_variable(REAL z, REAL tau) {
  const REAL sum = magnitude(z) + tau;
  return tau / select(sum == 0, 1, sum);
}

// The function of a kink table at w. Masking the index keeps it in the table for NaN also.
VECTORIZED REAL kink_value(const REAL *table, REAL w) {
  const REAL scaled = IW_KINK_INTERVALS * w;
  const REAL shifted = scaled + ROUNDING_SHIFT;
  const REAL d = scaled - (shifted - ROUNDING_SHIFT);
  const REAL *c = table + (size_t)(to_bits(shifted) & (IW_KINK_ROWS - 1)) * KINK_TERMS;
  REAL sum = c[KINK_TERMS - 1];
  for (int k = KINK_TERMS - 2; k >= 0; k--) sum = sum * d + c[k];
  return w * sum;
}

VECTORIZED void smooth_kink(REAL slope, const REAL *restrict kink, REAL *restrict z,
                            size_t columns, const REAL *restrict tau) {
  for (size_t i = 0; i < columns; i++) {
    const REAL x = z[i];
    const REAL positive = x > 0 ? x : 0;
    const REAL negative = x < 0 ? x : 0;
    const REAL bend = (1 - slope) * tau[i];
    z[i] = positive + slope * negative + bend * kink_value(kink, kink_variable(x, tau[i]));
  }
}

IW_CLONES void NAME(iw_smooth)(iw_activation kind, REAL slope, const REAL *kink, REAL *z,
                               size_t rows, size_t points, size_t stride, const REAL *deviation) {
  REAL scale[COLUMNS], extra[COLUMNS];
  for (size_t first = 0; first < points; first += COLUMNS) {
    const size_t columns = points - first < COLUMNS ? points - first : COLUMNS;
    const REAL *tau = deviation + first;
    for (size_t i = 0; i < columns; i++) {
      const REAL square = tau[i] * tau[i];
      if (kind == IW_ERF) scale[i] = 1 / square_root(1 + 2 * square);
      if (kind == IW_GELU) {
        scale[i] = 1 / square_root(1 + square);
        extra[i] = square * scale[i];
      }
      if (kind == IW_SIN) scale[i] = exp_minus_square(tau[i] * SQRT_HALF);
    }
    for (size_t r = 0; r < rows; r++) {
      REAL *restrict row = z + r * stride + first;
      switch (kind) {
        case IW_PIECEWISE_LINEAR: smooth_kink(slope, kink, row, columns, tau); break;
        case IW_ERF:
          for (size_t i = 0; i < columns; i++) row[i] = vector_erf(row[i] * scale[i]);
          break;
        case IW_GELU:
          for (size_t i = 0; i < columns; i++) {
            const REAL u = row[i] * scale[i];
            row[i] = row[i] * normal_distribution(u) + extra[i] * normal_density(u);
          }
          break;
        case IW_SIN:
          for (size_t i = 0; i < columns; i++) row[i] = scale[i] * SIN(row[i]);
          break;
        case IW_TANH:
        case IW_SOFTPLUS: __builtin_trap();
      }
    }
  }
}

// Derivatives in z of the forms of iw_smooth: E phi'(z + tau T) = d/dz E phi(z + tau T). With
// u = z q, q = 1 / sqrt(1 + tau^2), that of the gelu is Phi(u) + u n(u) (1 - tau^2 q^2), and
// 1 - tau^2 q^2 = q^2. Piecewise linear: slope + (1 - slope) P(z + tau T > 0).
IW_CLONES void NAME(iw_smooth_slopes)(iw_activation kind, REAL slope, const REAL *kinks, REAL *z,
                                      size_t rows, size_t points, size_t stride,
                                      const REAL *deviation) {
  REAL scale[COLUMNS];
  for (size_t first = 0; first < points; first += COLUMNS) {
    const size_t columns = points - first < COLUMNS ? points - first : COLUMNS;
    const REAL *tau = deviation + first;
    for (size_t i = 0; i < columns; i++) {
      const REAL square = tau[i] * tau[i];
      if (kind == IW_ERF) scale[i] = 1 / square_root(1 + 2 * square);
      if (kind == IW_GELU) scale[i] = 1 / square_root(1 + square);
      if (kind == IW_SIN) scale[i] = exp_minus_square(tau[i] * SQRT_HALF);
    }
    for (size_t r = 0; r < rows; r++) {
      REAL *restrict row = z + r * stride + first;
      switch (kind) {
        case IW_PIECEWISE_LINEAR:
          for (size_t i = 0; i < columns; i++) {
            const REAL tail = kink_value(kinks, kink_variable(row[i], tau[i]));
            row[i] = slope + (1 - slope) * select(row[i] >= 0, 1 - tail, tail);
          }
          break;
        case IW_ERF:
          for (size_t i = 0; i < columns; i++) {
            // 2 / sqrt(pi)
            row[i] = (REAL)1.128379167095512574 * scale[i] * exp_minus_square(row[i] * scale[i]);
          }
          break;
        case IW_GELU:
          for (size_t i = 0; i < columns; i++) {
            const REAL u = row[i] * scale[i];
            row[i] = normal_distribution(u) + u * normal_density(u) * (scale[i] * scale[i]);
          }
          break;
        case IW_SIN:
          for (size_t i = 0; i < columns; i++) row[i] = scale[i] * COS(row[i]);
          break;
        case IW_TANH:
        case IW_SOFTPLUS: __builtin_trap();
      }
    }
  }
}

#include "smoothing_moments_template.h"
