#ifndef INFINITEWIDTH_POINTWISE_H
#define INFINITEWIDTH_POINTWISE_H

#include <stddef.h>
#include <stdint.h>

// Loops over a block of preactivations z[r][i] = w_r . x_i, row-major (one row a particle) with
// `stride` numbers from row to row. Every reduction has a fixed order: over particles in quads
// ((0 + 1) + (2 + 3)), so that antithetic pairs in rows 2k and 2k + 1 cancel exactly; over points or
// features in IW_LANES interleaved lanes that are then added in lane order.

// The activation phi. Piecewise linear: phi(z) = z for z >= 0, slope * z below; slope 1 is the
// identity, slope 0 is ReLU.
typedef enum {
  IW_PIECEWISE_LINEAR = 0,
  IW_ERF = 1,
  IW_TANH = 2,
  // z Phi(z), Phi the normal distribution function
  IW_GELU = 3,
  IW_SIN = 4,
  // log(1 + exp(z))
  IW_SOFTPLUS = 5,
} iw_activation;

// Points whose pairs are summed, at most.
#define IW_LARGEST_PAIRED 128

// Words of a mask row: one bit a point, set where z >= 0.
static inline size_t iw_mask_words(size_t points) { return (points + 63) / 64; }

#define IW_DECLARE(REAL, S)                                                                        \
  /* sums[i] += sum_r coefficient[r] phi(z[r][i]) */                                               \
  void iw_forward_##S(iw_activation kind, REAL slope, const REAL *z, size_t rows, size_t points,   \
                      size_t stride, const REAL *coefficient, REAL *sums);                         \
  /* mask[r][i] = z[r][i] >= 0; rows of `words` words; bits beyond `points` in the last touched    \
     word are zero */                                                                              \
  void iw_pack_mask_##S(const REAL *z, size_t rows, size_t points, size_t stride, uint64_t *mask,  \
                        size_t words);                                                             \
  /* z[r][i] = g[i] phi'(z[r][i]) from the mask of a piecewise linear phi */                       \
  void iw_expand_mask_##S(REAL slope, const uint64_t *mask, size_t words, size_t rows,             \
                          size_t points, size_t stride, const REAL *g, REAL *z);                   \
  /* z[r][i] <- g[i] phi'(z[r][i]) in place, and sums[r] += sum_i g[i] phi(z[r][i]) */             \
  void iw_backward_##S(iw_activation kind, REAL slope, REAL *z, size_t rows, size_t points,        \
                       size_t stride, const REAL *g, REAL *sums);                                  \
  /* delta[r][i] = step a[r] g[i] phi'(z[r][i]), c[r][i] += delta[r][i] and                        \
     sums[r] = sum_i g[i] phi(z[r][i]); z and c have rows of `points` numbers, delta of            \
     `delta_stride`; c may be null */                                                              \
  void iw_preactivation_step_##S(iw_activation kind, REAL slope, const REAL *z, size_t rows,       \
                                 size_t points, const REAL *g, const REAL *a, REAL step,           \
                                 REAL *delta, size_t delta_stride, REAL *c, REAL *sums);           \
  /* sums[r] = w[r] . v[r]: for positively homogeneous phi, sum_i g_i phi(w x_i) = w . v with      \
     v = sum_i g_i phi'(w x_i) x_i (Euler), so the mask alone gives the whole step */              \
  void iw_row_dots_##S(const REAL *w, const REAL *v, size_t rows, size_t features, REAL *sums);    \
  /* w[r] -= input_step a[r] v[r]; then a[r] -= output_step sums[r] (both from the old values) */  \
  void iw_update_##S(REAL *w, const REAL *v, REAL *a, const REAL *sums, size_t rows,               \
                     size_t features, REAL input_step, REAL output_step);                          \
  /* phi_sums[i] += sum_r mass[r] phi(z)^2, derivative_sums[i] += sum_r mass[r] a[r]^2 phi'(z)^2 */\
  void iw_tangent_sums_##S(iw_activation kind, REAL slope, const REAL *z, size_t rows,             \
                           size_t points, size_t stride, const REAL *a, const REAL *mass,          \
                           REAL *phi_sums, REAL *derivative_sums);                                 \
  /* The same of pairs of the first points (at most IW_LARGEST_PAIRED), i < j row by row:          \
     phi_sums[p] += sum_r phi(z_i) phi(z_j), derivative_sums[p] += sum_r a[r]^2 phi'(z_i) phi'(z_j) */ \
  void iw_tangent_pairs_##S(iw_activation kind, REAL slope, const REAL *z, size_t rows,            \
                            size_t points, size_t stride, const REAL *a, REAL *phi_sums,           \
                            REAL *derivative_sums);                                                \
  /* The four terms of [G20a]: with m = phi'(z) (piecewise linear only) and z0 the preactivations  \
     of the initial weights, terms[t][i] += sum_r of a0 m z0, (a - a0) m z0, a0 m (z - z0),        \
     (a - a0) m (z - z0); rows of `points` */                                                      \
  void iw_decomposition_##S(REAL slope, const REAL *z, const REAL *z0, size_t rows, size_t points, \
                            size_t stride, const REAL *a, const REAL *a0, REAL *terms);

IW_DECLARE(float, f32)
IW_DECLARE(double, f64)

#undef IW_DECLARE

// Loops of networks with several outputs: output weights a[r][c], `outputs` numbers a row.
#define IW_DECLARE_OUTPUTS(REAL, S)                                                                \
  /* y[i] = phi(z[i]); the two do not overlap */                                                   \
  void iw_values_##S(iw_activation kind, REAL slope, const REAL *z, size_t count, REAL *y);        \
  /* z <- phi(z) in place, then the sum and the difference of rows 2k and 2k + 1 in their places;  \
     a last row without a partner is phi(z) */                                                     \
  void iw_pair_values_##S(iw_activation kind, REAL slope, REAL *z, size_t rows, size_t points,     \
                          size_t stride);                                                          \
  /* out: (a[2k] + a[2k + 1]) / 2 and (a[2k] - a[2k + 1]) / 2 in rows 2k and 2k + 1, a last row as \
     it is. The product of out with the paired values is that of a with phi, and zero to the bit   \
     for pairs (a, w), (-a, w), in whatever order the product is summed */                         \
  void iw_pair_weights_##S(const REAL *a, size_t rows, size_t outputs, REAL *out);                 \
  /* b[r][i] <- b[r][i] phi'(z[r][i]) and z[r][i] <- phi(z[r][i]), both of stride `stride` */      \
  void iw_backward_outputs_##S(iw_activation kind, REAL slope, REAL *z, REAL *b, size_t rows,      \
                               size_t points, size_t stride);                                      \
  /* Of a piecewise linear phi, with means over the preactivations start[r][i] + k c, k = 0, ...,  \
     steps - 1, of mean z[r][i]: b[r][i] <- b[r][i] mean phi' and z[r][i] <- mean phi, all of      \
     stride `stride`. phi(z) = (1 + slope) z / 2 + (1 - slope) |z| / 2, and the k of each sign are \
     counted. */                                                                                   \
  void iw_backward_means_##S(REAL slope, REAL *z, const REAL *start, REAL *b, size_t rows,         \
                             size_t points, size_t stride, REAL steps);                            \
  /* out[r] = a[r][column] */                                                                      \
  void iw_gather_##S(const REAL *a, size_t rows, size_t outputs, size_t column, REAL *out);        \
  /* out[r] = sqrt(sum_c a[r][c]^2 / outputs) */                                                   \
  void iw_row_rms_##S(const REAL *a, size_t rows, size_t outputs, REAL *out);

IW_DECLARE_OUTPUTS(float, f32)
IW_DECLARE_OUTPUTS(double, f64)

#undef IW_DECLARE_OUTPUTS

// Steps of parameters x along gradients g, coordinate by coordinate.
#define IW_DECLARE_STEPS(REAL, S)                                                                  \
  /* g[r] *= a[r], rows of `features` */                                                           \
  void iw_scale_rows_##S(REAL *g, const REAL *a, size_t rows, size_t features);                    \
  /* x -= step g */                                                                                \
  void iw_descend_##S(REAL *x, const REAL *g, size_t count, REAL step);                            \
  /* v <- momentum v + g; x -= step v */                                                           \
  void iw_momentum_##S(REAL *x, REAL *v, const REAL *g, size_t count, REAL momentum, REAL step);   \
  /* v <- smoothing v + fresh g^2; x -= step g / (sqrt(v) + epsilon), 0 where g and the root are;  \
     fresh = 1 - smoothing, from outside since the difference loses digits in single precision */  \
  void iw_rmsprop_##S(REAL *x, REAL *v, const REAL *g, size_t count, REAL smoothing, REAL fresh,   \
                      REAL step, REAL epsilon);

IW_DECLARE_STEPS(float, f32)
IW_DECLARE_STEPS(double, f64)

#undef IW_DECLARE_STEPS

#endif
