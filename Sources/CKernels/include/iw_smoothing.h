#ifndef INFINITEWIDTH_SMOOTHING_H
#define INFINITEWIDTH_SMOOTHING_H

#include <stddef.h>

#include "iw_pointwise.h"

// Activations smoothed over a random part of the preactivation: E phi(z + tau T) and the second
// moments that the tangent kernel needs, with tau >= 0 one number a column. T is standard normal for
// IW_ERF, IW_GELU and IW_SIN; for IW_PIECEWISE_LINEAR its law (symmetric, of variance 1) is in the
// tables below. IW_TANH and IW_SOFTPLUS have no closed form and are not accepted.
//
// No loop has a branch, and no operation depends on the instruction set: all clones give identical
// bits, and an element's result depends on nothing but the element and its tau. The loops of
// IW_ERF, IW_GELU and IW_PIECEWISE_LINEAR call nothing; IW_SIN calls the C library's sine.
//
// A kink table holds a function K of v >= 0 that falls to 0, as piecewise polynomials in
// w = 1 / (v + 1): with n the integer nearest to IW_KINK_INTERVALS w and d = IW_KINK_INTERVALS w - n,
// K = w (c[n][0] + c[n][1] d + ...), one row of IW_KINK_TERMS_... numbers for each n. In
// w = tau / (|z| + tau) tau = 0 needs no case of its own. (A larger constant than 1 spreads the pieces
// better, but multiplies the rounding errors of w.)
#define IW_KINK_INTERVALS 127
#define IW_KINK_ROWS 128
#define IW_KINK_TERMS_f32 4
#define IW_KINK_TERMS_f64 6

#define IW_DECLARE(REAL, S)                                                                        \
  /* z[r][i] <- E phi(z[r][i] + deviation[i] T), phi(z[r][i]) exactly where deviation[i] = 0.      \
     kink: the table of E max(T - v, 0), for IW_PIECEWISE_LINEAR alone */                          \
  void iw_smooth_##S(iw_activation kind, REAL slope, const REAL *kink, REAL *z, size_t rows,       \
                     size_t points, size_t stride, const REAL *deviation);                         \
  /* z[r][i] <- E phi'(z[r][i] + deviation[i] T); kinks: the table of P(T > v) first */             \
  void iw_smooth_slopes_##S(iw_activation kind, REAL slope, const REAL *kinks, REAL *z,            \
                            size_t rows, size_t points, size_t stride, const REAL *deviation);     \
  /* value_sums[i] += sum_r mass[r] E phi(z[r][i] + deviation[i] T)^2 and derivative_sums[i] +=    \
     sum_r mass[r] a[r]^2 E phi'(z[r][i] + deviation[i] T)^2. kinks: two tables one after the      \
     other, of P(T > v) and of E max(T - v, 0)^2, for IW_PIECEWISE_LINEAR alone */                 \
  void iw_smooth_tangent_sums_##S(iw_activation kind, REAL slope, const REAL *kinks,               \
                                  const REAL *z, size_t rows, size_t points, size_t stride,        \
                                  const REAL *deviation, const REAL *a, const REAL *mass,          \
                                  REAL *value_sums, REAL *derivative_sums);

IW_DECLARE(float, f32)
IW_DECLARE(double, f64)

#undef IW_DECLARE

#endif
