// One source for both precisions; see iw_pointwise.h for what each function computes. Included by
// pointwise_f32.c and pointwise_f64.c with REAL, BITS (the unsigned integer of its size),
// MANTISSA_BITS, VECTOR_LANES, NAME, CEIL and the C library's SIN and COS defined.
#include <math.h>
#include <string.h>

#include "iw_clones.h"
#include "iw_pointwise.h"
#include "vector_math.h"

// Lanes of a reduction along a row: two full vectors of the widest instruction set.
#define LANES (2 * VECTOR_LANES)

typedef REAL vector __attribute__((ext_vector_type(VECTOR_LANES), aligned(sizeof(REAL))));
typedef _Bool vector_mask __attribute__((ext_vector_type(VECTOR_LANES)));

static inline __attribute__((always_inline)) REAL phi(iw_activation kind, REAL slope, REAL z) {
  switch (kind) {
    case IW_PIECEWISE_LINEAR: {
      // max and min as comparisons: one multiplication, no branch.
      const REAL positive = z > 0 ? z : 0;
      const REAL negative = z < 0 ? z : 0;
      return positive + slope * negative;
    }
    case IW_ERF: return vector_erf(z);
    case IW_TANH: return vector_tanh(z);
    case IW_GELU: return z * normal_distribution(z);
    case IW_SIN: return SIN(z);
    case IW_SOFTPLUS: return vector_softplus(z);
  }
}

static inline __attribute__((always_inline)) REAL dphi(iw_activation kind, REAL slope, REAL z,
                                                       REAL value) {
  switch (kind) {
    case IW_PIECEWISE_LINEAR: return z >= 0 ? (REAL)1 : slope;
    // 2 / sqrt(pi) exp(-z^2)
    case IW_ERF: return (REAL)1.128379167095512574 * exp_minus_square(z);
    // Small absolute error: where tanh is near 1, the relative error of its derivative is not.
    case IW_TANH: return 1 - value * value;
    // 1 / sqrt(2 pi) exp(-z^2 / 2)
    case IW_GELU:
      return normal_distribution(z) + z * ((REAL)0.398942280401432678 *
                                          exp_minus_square(z * (REAL)0.707106781186547524));
    case IW_SIN: return COS(z);
    case IW_SOFTPLUS: return logistic(z);
  }
}

// Specializes `loop` for each kind so that the compiler sees the activation as a constant.
#define FOR_EACH_KIND(kind, loop)                            \
  switch (kind) {                                            \
    case IW_PIECEWISE_LINEAR: loop(IW_PIECEWISE_LINEAR); break; \
    case IW_ERF: loop(IW_ERF); break;                        \
    case IW_TANH: loop(IW_TANH); break;                      \
    case IW_GELU: loop(IW_GELU); break;                      \
    case IW_SIN: loop(IW_SIN); break;                        \
    case IW_SOFTPLUS: loop(IW_SOFTPLUS); break;              \
  }

static inline __attribute__((always_inline)) void forward(iw_activation kind, REAL slope,
                                                          const REAL *z, size_t rows,
                                                          size_t points, size_t stride,
                                                          const REAL *c, REAL *restrict sums) {
  size_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    const REAL *z0 = z + r * stride, *z1 = z0 + stride, *z2 = z1 + stride, *z3 = z2 + stride;
    const REAL c0 = c[r], c1 = c[r + 1], c2 = c[r + 2], c3 = c[r + 3];
    for (size_t i = 0; i < points; i++) {
      sums[i] += (c0 * phi(kind, slope, z0[i]) + c1 * phi(kind, slope, z1[i])) +
                 (c2 * phi(kind, slope, z2[i]) + c3 * phi(kind, slope, z3[i]));
    }
  }
  if (r + 2 <= rows) {
    const REAL *z0 = z + r * stride, *z1 = z0 + stride;
    for (size_t i = 0; i < points; i++) {
      sums[i] += c[r] * phi(kind, slope, z0[i]) + c[r + 1] * phi(kind, slope, z1[i]);
    }
    r += 2;
  }
  if (r < rows) {
    for (size_t i = 0; i < points; i++) sums[i] += c[r] * phi(kind, slope, z[r * stride + i]);
  }
}

IW_CLONES void NAME(iw_forward)(iw_activation kind, REAL slope, const REAL *z, size_t rows,
                                size_t points, size_t stride, const REAL *coefficient,
                                REAL *sums) {
#define LOOP(k) forward(k, slope, z, rows, points, stride, coefficient, sums)
  FOR_EACH_KIND(kind, LOOP)
#undef LOOP
}

IW_CLONES void NAME(iw_pack_mask)(const REAL *z, size_t rows, size_t points, size_t stride,
                                  uint64_t *mask, size_t words) {
  for (size_t r = 0; r < rows; r++) {
    const REAL *row = z + r * stride;
    uint64_t *out = mask + r * words;
    size_t i = 0;
    for (; i + 64 <= points; i += 64) {
      uint64_t word = 0;
      for (size_t v = 0; v < 64; v += VECTOR_LANES) {
        const vector value = *(const vector *)(row + i + v);
        const vector_mask bits = __builtin_convertvector(value >= (vector)0, vector_mask);
#if VECTOR_LANES == 16
        uint16_t part;
#else
        uint8_t part;
#endif
        memcpy(&part, &bits, sizeof part);
        word |= (uint64_t)part << v;
      }
      out[i / 64] = word;
    }
    if (i < points) {
      uint64_t word = 0;
      for (size_t j = i; j < points; j++) word |= (uint64_t)(row[j] >= 0) << (j - i);
      out[i / 64] = word;
    }
  }
}

IW_CLONES void NAME(iw_expand_mask)(REAL slope, const uint64_t *mask, size_t words, size_t rows,
                                    size_t points, size_t stride, const REAL *g, REAL *z) {
  for (size_t r = 0; r < rows; r++) {
    REAL *row = z + r * stride;
    const uint64_t *in = mask + r * words;
    size_t i = 0;
    for (; i + 64 <= points; i += 64) {
      const uint64_t word = in[i / 64];
      for (size_t v = 0; v < 64; v += VECTOR_LANES) {
#if VECTOR_LANES == 16
        const uint16_t part = (uint16_t)(word >> v);
#else
        const uint8_t part = (uint8_t)(word >> v);
#endif
        vector_mask bits;
        memcpy(&bits, &part, sizeof part);
        const vector on = __builtin_convertvector(bits, vector);
        const vector gi = *(const vector *)(g + i + v);
        // on is 1 or 0, so both products are exact and this is a select.
        *(vector *)(row + i + v) = gi * on + gi * slope * (1 - on);
      }
    }
    for (; i < points; i++) {
      row[i] = (in[i / 64] >> (i % 64)) & 1 ? g[i] : g[i] * slope;
    }
  }
}

// Adds the lanes in order; used by every reduction along a row.
static inline REAL add_lanes(const REAL lanes[LANES]) {
  REAL sum = 0;
  for (int l = 0; l < LANES; l++) sum += lanes[l];
  return sum;
}

static inline __attribute__((always_inline)) void backward(iw_activation kind, REAL slope, REAL *z,
                                                           size_t rows, size_t points,
                                                           size_t stride, const REAL *g,
                                                           REAL *sums) {
  for (size_t r = 0; r < rows; r++) {
    REAL *row = z + r * stride;
    REAL lanes[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= points; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        const REAL value = phi(kind, slope, row[i + l]);
        lanes[l] += g[i + l] * value;
        row[i + l] = g[i + l] * dphi(kind, slope, row[i + l], value);
      }
    }
    for (int l = 0; i < points; i++, l++) {
      const REAL value = phi(kind, slope, row[i]);
      lanes[l] += g[i] * value;
      row[i] = g[i] * dphi(kind, slope, row[i], value);
    }
    sums[r] += add_lanes(lanes);
  }
}

IW_CLONES void NAME(iw_backward)(iw_activation kind, REAL slope, REAL *z, size_t rows,
                                 size_t points, size_t stride, const REAL *g, REAL *sums) {
#define LOOP(k) backward(k, slope, z, rows, points, stride, g, sums)
  FOR_EACH_KIND(kind, LOOP)
#undef LOOP
}

static inline __attribute__((always_inline)) void preactivation_step(
    iw_activation kind, REAL slope, const REAL *z, size_t rows, size_t points, const REAL *g,
    const REAL *a, REAL step, REAL *restrict delta, size_t delta_stride, REAL *restrict c, int keeps,
    REAL *sums) {
  for (size_t r = 0; r < rows; r++) {
    const REAL *row = z + r * points;
    REAL *restrict dr = delta + r * delta_stride, *restrict cr = keeps ? c + r * points : NULL;
    const REAL factor = step * a[r];
    REAL lanes[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= points; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        const REAL value = phi(kind, slope, row[i + l]);
        const REAL change = factor * (g[i + l] * dphi(kind, slope, row[i + l], value));
        lanes[l] += g[i + l] * value;
        dr[i + l] = change;
        if (keeps) cr[i + l] += change;
      }
    }
    for (int l = 0; i < points; i++, l++) {
      const REAL value = phi(kind, slope, row[i]);
      const REAL change = factor * (g[i] * dphi(kind, slope, row[i], value));
      lanes[l] += g[i] * value;
      dr[i] = change;
      if (keeps) cr[i] += change;
    }
    sums[r] = add_lanes(lanes);
  }
}

IW_CLONES void NAME(iw_preactivation_step)(iw_activation kind, REAL slope, const REAL *z,
                                           size_t rows, size_t points, const REAL *g,
                                           const REAL *a, REAL step, REAL *delta,
                                           size_t delta_stride, REAL *c, REAL *sums) {
#define LOOP(k) \
  preactivation_step(k, slope, z, rows, points, g, a, step, delta, delta_stride, c, 1, sums)
#define LOOP_WITHOUT_C(k) \
  preactivation_step(k, slope, z, rows, points, g, a, step, delta, delta_stride, NULL, 0, sums)
  if (c) {
    FOR_EACH_KIND(kind, LOOP)
  } else {
    FOR_EACH_KIND(kind, LOOP_WITHOUT_C)
  }
#undef LOOP
#undef LOOP_WITHOUT_C
}

IW_CLONES void NAME(iw_row_dots)(const REAL *w, const REAL *v, size_t rows, size_t features,
                                 REAL *sums) {
  for (size_t r = 0; r < rows; r++) {
    const REAL *wr = w + r * features, *vr = v + r * features;
    REAL lanes[LANES] = {0};
    size_t j = 0;
    for (; j + LANES <= features; j += LANES) {
      for (int l = 0; l < LANES; l++) lanes[l] += wr[j + l] * vr[j + l];
    }
    for (int l = 0; j < features; j++, l++) lanes[l] += wr[j] * vr[j];
    sums[r] = add_lanes(lanes);
  }
}

IW_CLONES void NAME(iw_update)(REAL *w, const REAL *v, REAL *a, const REAL *sums, size_t rows,
                               size_t features, REAL input_step, REAL output_step) {
  for (size_t r = 0; r < rows; r++) {
    const REAL factor = input_step * a[r];
    REAL *restrict wr = w + r * features;
    const REAL *vr = v + r * features;
    for (size_t j = 0; j < features; j++) wr[j] -= factor * vr[j];
    a[r] -= output_step * sums[r];
  }
}

static inline __attribute__((always_inline)) void tangent_sums(
    iw_activation kind, REAL slope, const REAL *z, size_t rows, size_t points, size_t stride,
    const REAL *a, const REAL *mass, REAL *restrict phi_sums, REAL *restrict derivative_sums) {
  for (size_t r = 0; r < rows; r++) {
    const REAL *row = z + r * stride;
    const REAL m = mass[r], ma2 = mass[r] * a[r] * a[r];
    for (size_t i = 0; i < points; i++) {
      const REAL value = phi(kind, slope, row[i]);
      const REAL derivative = dphi(kind, slope, row[i], value);
      phi_sums[i] += m * value * value;
      derivative_sums[i] += ma2 * derivative * derivative;
    }
  }
}

IW_CLONES void NAME(iw_tangent_sums)(iw_activation kind, REAL slope, const REAL *z, size_t rows,
                                     size_t points, size_t stride, const REAL *a,
                                     const REAL *mass, REAL *phi_sums, REAL *derivative_sums) {
#define LOOP(k) \
  tangent_sums(k, slope, z, rows, points, stride, a, mass, phi_sums, derivative_sums)
  FOR_EACH_KIND(kind, LOOP)
#undef LOOP
}

static inline __attribute__((always_inline)) void tangent_pairs(
    iw_activation kind, REAL slope, const REAL *z, size_t rows, size_t points, size_t stride,
    const REAL *a, REAL *restrict phi_sums, REAL *restrict derivative_sums) {
  REAL value[IW_LARGEST_PAIRED], derivative[IW_LARGEST_PAIRED];
  for (size_t r = 0; r < rows; r++) {
    const REAL *row = z + r * stride;
    for (size_t i = 0; i < points; i++) {
      value[i] = phi(kind, slope, row[i]);
      derivative[i] = dphi(kind, slope, row[i], value[i]);
    }
    const REAL a2 = a[r] * a[r];
    REAL *restrict p = phi_sums, *restrict d = derivative_sums;
    for (size_t i = 0; i + 1 < points; i++) {
      const REAL v = value[i], w = a2 * derivative[i];
      const size_t rest = points - i - 1;
      for (size_t j = 0; j < rest; j++) {
        p[j] += v * value[i + 1 + j];
        d[j] += w * derivative[i + 1 + j];
      }
      p += rest;
      d += rest;
    }
  }
}

IW_CLONES void NAME(iw_tangent_pairs)(iw_activation kind, REAL slope, const REAL *z, size_t rows,
                                      size_t points, size_t stride, const REAL *a, REAL *phi_sums,
                                      REAL *derivative_sums) {
#define LOOP(k) tangent_pairs(k, slope, z, rows, points, stride, a, phi_sums, derivative_sums)
  FOR_EACH_KIND(kind, LOOP)
#undef LOOP
}

IW_CLONES void NAME(iw_decomposition)(REAL slope, const REAL *z, const REAL *z0, size_t rows,
                                      size_t points, size_t stride, const REAL *a, const REAL *a0,
                                      REAL *terms) {
  REAL *restrict t0 = terms, *restrict t1 = terms + points, *restrict t2 = terms + 2 * points,
                 *restrict t3 = terms + 3 * points;
  for (size_t r = 0; r < rows; r++) {
    const REAL *row = z + r * stride, *row0 = z0 + r * stride;
    const REAL initial = a0[r], increment = a[r] - a0[r];
    for (size_t i = 0; i < points; i++) {
      const REAL derivative = row[i] >= 0 ? (REAL)1 : slope;
      const REAL before = derivative * row0[i], after = derivative * (row[i] - row0[i]);
      t0[i] += initial * before;
      t1[i] += increment * before;
      t2[i] += initial * after;
      t3[i] += increment * after;
    }
  }
}
