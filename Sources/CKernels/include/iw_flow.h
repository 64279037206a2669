#ifndef INFINITEWIDTH_FLOW_H
#define INFINITEWIDTH_FLOW_H

#include <stddef.h>

// Linear combinations of slopes, for explicit Runge-Kutta methods. Terms are added in their order and
// sums of squares in fixed lanes, so that all clones give identical bits.

#define IW_DECLARE(REAL, S)                                                                        \
  /* to[i] = from[i] + sum_j weights[j] slopes[j][i]; `to` may be `from` */                        \
  void iw_combine_##S(REAL *to, const REAL *from, const REAL *const *slopes, const REAL *weights,  \
                      size_t terms, size_t count);                                                 \
  /* sum_i (sum_j weights[j] slopes[j][i])^2, the squares and their sum in double precision */     \
  double iw_combined_squares_##S(const REAL *const *slopes, const REAL *weights, size_t terms,     \
                                 size_t count);

IW_DECLARE(float, f32)
IW_DECLARE(double, f64)

#undef IW_DECLARE

#endif
