#ifndef INFINITEWIDTH_DUAL_H
#define INFINITEWIDTH_DUAL_H

#include <stddef.h>
#include <stdint.h>

// Kernels of deep networks, one row of a block at a time: the pairs of one point with `count` others.
// Between two layers a pair (u, v) of preactivations is
//
//     q = E[u v],   r = sqrt(E[u^2] E[v^2] - q^2),   d = E[(u - v)^2],   theta, the tangent kernel
//
// and the variances E[u^2], E[v^2] belong to the points. r and d say more than q where u and v are nearly
// collinear. No operation depends on the instruction set (iw_clones.h).

enum iw_dual_kind {
  IW_DUAL_PIECEWISE_LINEAR = 0,
  IW_DUAL_ERF = 1,
  IW_DUAL_GELU = 2,
  IW_DUAL_SINE = 3,
};

#define IW_DECLARE(REAL, S)                                                                        \
  /* A dense layer above values of covariance K = E[y y'] and tangent kernel T:                  */ \
  /* q = weight K + bias,  theta = gradient K + bias_gradient + weight T                         */ \
  typedef struct {                                                                                 \
    REAL weight, bias, gradient, bias_gradient;                                                    \
  } iw_dense_##S;                                                                                  \
  /* A point's variance and those of the others. */                                                \
  typedef struct {                                                                                 \
    REAL one;                                                                                      \
    const REAL *others;                                                                            \
  } iw_variances_##S;                                                                              \
  /* Lists the pairs whose angle, or its difference from pi, is below 1/10: their r and d are to */ \
  /* come from the inputs. `products` are x . x' in any unit, `norms` |x|^2 in the same.         */ \
  size_t iw_near_pairs_##S(iw_variances_##S norms, const REAL *products, size_t count,             \
                           uint32_t *indices);                                                     \
  /* The first dense layer, from products in the unit of K. */                                     \
  void iw_dual_start_##S(iw_dense_##S dense, iw_variances_##S norms, const REAL *products,         \
                         size_t count, REAL *q, REAL *r, REAL *d, REAL *theta);                    \
  /* An activation and the dense layer above it, in place. `variances` are those of the          */ \
  /* preactivations below, `next` those above.                                                   */ \
  void iw_dual_layer_##S(int kind, REAL slope, iw_dense_##S dense, iw_variances_##S variances,     \
                         iw_variances_##S next, size_t count, REAL *q, REAL *r, REAL *d,           \
                         REAL *theta);                                                             \
  /* The transpose of a row-major matrix. */                                                       \
  void iw_transpose_##S(const REAL *from, size_t rows, size_t columns, REAL *to);                  \
  /* Copies what is above the diagonal of a square matrix to below it. */                          \
  void iw_mirror_upper_##S(REAL *elements, size_t order);

IW_DECLARE(float, f32)
IW_DECLARE(double, f64)

// |x|^2 of one point, in fixed lanes.
double iw_squared_norm(const double *x, size_t features);
// Numbers in single precision.
void iw_round_numbers(const double *from, size_t count, float *to);

#undef IW_DECLARE

#endif
