// Duals of activations over rows of pairs, for both precisions; see iw_dual.h. Included by dual_f32.c
// and dual_f64.c with REAL, BITS, MANTISSA_BITS and NAME defined.
//
// The formulas are those of the target Kernels (PiecewiseLinearDual, ErfDual, GELUDual, SineDual),
// which name their sources, arranged without calls and branches.
#include "dual_coefficients.h"
#include "iw_clones.h"
#include "iw_dual.h"
#include "vector_math.h"

#define PI ((REAL)3.141592653589793238)
#define DENSE NAME(iw_dense)
#define VARIANCES NAME(iw_variances)
#define ROOT(x) __builtin_elementwise_sqrt(x)

static const REAL angle_coefficients[] = NAME(ANGLE);
static const REAL sector_coefficients[] = NAME(SECTOR);

VECTORIZED REAL not_negative(REAL x) { return x < 0 ? 0 : x; }

// atan2(y, x) for y, x >= 0, and 0 for two zeros; error below 4 units in the last place. With z = min /
// max, or atan z = pi/4 + atan((z - 1) / (z + 1)) beyond tan(pi/8), there is one division.
VECTORIZED REAL principal_angle(REAL y, REAL x) {
  const REAL low = y < x ? y : x, high = y < x ? x : y;
  const int folds = low > (REAL)0.414213562373095049 * high;
  const REAL numerator = select(folds, low - high, low);
  const REAL sum = select(folds, low + high, high);
  const REAL z = numerator / select(sum == 0, 1, sum);
  const REAL part = z + z * (z * z * POLYNOMIAL(angle_coefficients, z * z));
  const REAL angle = select(folds, PI / 4 + part, part);
  return select(y > x, PI / 2 - angle, angle);
}

typedef struct {
  REAL value, derivative;
} NAME(dual);
#define DUAL NAME(dual)

// phi(z) = z for z >= 0, a z below. With the angle t between u and v, c = (1 - a)^2 / (2 pi), m = (1 +
// a^2) / 2, s = sqrt(E[u^2] E[v^2]) and g(t) = sin t - t cos t (Cho and Saul 2009 for a = 0)
//
//     E[phi phi] = q m + c s g(t),        E[phi' phi'] = m - c t,        q >= 0
//     E[phi phi] = q a + c s g(pi - t),   E[phi' phi'] = a + c (pi - t), q < 0
//
// as m = a + c pi. The determinant of the values is (m s)^2 - E[phi phi]^2 = gap * (m s + E[phi phi]),
// with gap = m s - E[phi phi] from X = s - |q| = r^2 / (s + |q|), without a difference of nearly equal
// numbers: gap = m X - c s g(t) for q >= 0 and (m + a) s - a X - c s g(pi - t) for q < 0, likewise the
// sum. E[(phi(u) - phi(v))^2] = m (sqrt(E[u^2]) - sqrt(E[v^2]))^2 + 2 gap. These hold the angle to its
// last digits through any number of layers.
VECTORIZED DUAL piecewise_linear(REAL a, REAL root, REAL other, REAL q, REAL *r, REAL *d) {
  const REAL c = (1 - a) * (1 - a) / (2 * PI), m = (1 + a * a) / 2;
  const REAL s = root * other, size = magnitude(q);
  const REAL t = principal_angle(*r, size);
  const REAL sector = c * s * (t * t * t * POLYNOMIAL(sector_coefficients, t * t));
  const REAL sum = s + size;
  const REAL x = *r * (*r / select(sum == 0, 1, sum));
  const int obtuse = q < 0;
  const REAL p = select(obtuse, -a, m);
  const REAL gap = select(obtuse, (m + a) * s, 0) + (p * x - sector);
  const REAL total = (m + p) * s - (p * x - sector);
  const REAL difference = root - other;
  *r = ROOT(not_negative(gap)) * ROOT(not_negative(total));
  *d = m * (difference * difference) + 2 * not_negative(gap);
  // phi'(0) = 1 is the convention of `Activation`; the angle is not defined.
  const REAL one_zero = select(root + other == 0, 1, (1 + a) / 2);
  const REAL derivative = select(obtuse, a + c * t, m - c * t);
  const DUAL dual = {p * size + sector, select(s == 0, one_zero, derivative)};
  return dual;
}

// Williams 1997.
VECTORIZED DUAL error_function(REAL p, REAL other, REAL q, REAL r) {
  const REAL root = ROOT(1 + 2 * p + 2 * other + 4 * (r * r));
  const REAL angle = principal_angle(2 * magnitude(q), root);
  const DUAL dual = {with_sign(2 / PI * angle, q), 4 / (PI * root)};
  return dual;
}

// Tsuchida et al. 2021.
VECTORIZED DUAL gaussian_linear(REAL p, REAL other, REAL q, REAL r) {
  const REAL delta = ROOT(1 + p + other + r * r);
  const REAL t = principal_angle(delta, magnitude(q));
  const REAL orthant = select(q < 0, t, PI - t) / (2 * PI);
  const REAL inverse = 1 / delta, one = 1 / (1 + p), two = 1 / (1 + other);
  const REAL bracket = (p * one) * (other * two) * delta + (q * one) * (q * two) * inverse;
  const REAL sum = q * one + q * two + (q * inverse) * inverse;
  const DUAL dual = {q * orthant + bracket / (2 * PI), orthant + sum * inverse / (2 * PI)};
  return dual;
}

// 1 - exp(-2 |q|) = (1 + exp(-2 |q|)) tanh |q|. The exponent of the peak is half the mean square of the
// smaller of u - v and u + v.
VECTORIZED DUAL sine(REAL p, REAL other, REAL q, REAL d) {
  const REAL size = magnitude(q);
  const REAL nearest = not_negative(select(q < 0, p + other + 2 * q, d));
  const REAL peak = exp_minus_square(ROOT(nearest / 2)) / 2;
  const REAL sum = peak * (1 + exp_minus_square(ROOT(2 * size)));
  const DUAL dual = {with_sign(sum * vector_tanh(size), q), sum};
  return dual;
}

IW_CLONES size_t NAME(iw_near_pairs)(VARIANCES norms, const REAL *products, size_t count,
                                     uint32_t *indices) {
  size_t found = 0;
  for (size_t j = 0; j < count; j++) {
    const REAL k = products[j];
    indices[found] = (uint32_t)j;
    // tan(t)^2 < 1/100; zero vectors have an exact product and are no pairs of this kind.
    found += norms.one * norms.others[j] - k * k < (REAL)0.01 * (k * k);
  }
  return found;
}

IW_CLONES void NAME(iw_dual_start)(DENSE dense, VARIANCES norms, const REAL *restrict products,
                                   size_t count, REAL *restrict q, REAL *restrict r,
                                   REAL *restrict d, REAL *restrict theta) {
  for (size_t j = 0; j < count; j++) {
    const REAL k = products[j], other = norms.others[j];
    const REAL determinant = not_negative(norms.one * other - k * k);
    const REAL distance = not_negative(norms.one + other - 2 * k);
    q[j] = dense.weight * k + dense.bias;
    r[j] = ROOT(dense.weight * (dense.weight * determinant + dense.bias * distance));
    d[j] = dense.weight * distance;
    theta[j] = dense.gradient * k + dense.bias_gradient;
  }
}

// The smooth activations forget how r and d came about: their duals are no more sensitive to them than to
// q, which then determines them.
#define SMOOTH_LAYER(DUAL_OF_PAIR)                                                    \
  for (size_t j = 0; j < count; j++) {                                                \
    const REAL p = variances.one, other = variances.others[j];                        \
    const DUAL dual = DUAL_OF_PAIR;                                                   \
    const REAL above = dense.weight * dual.value + dense.bias;                        \
    q[j] = above;                                                                     \
    r[j] = ROOT(not_negative(next.one * next.others[j] - above * above));             \
    d[j] = not_negative(next.one + next.others[j] - 2 * above);                       \
    theta[j] = dense.gradient * dual.value + dense.bias_gradient +                    \
               dense.weight * (theta[j] * dual.derivative);                           \
  }

IW_CLONES void NAME(iw_dual_layer)(int kind, REAL slope, DENSE dense, VARIANCES variances,
                                   VARIANCES next, size_t count, REAL *restrict q,
                                   REAL *restrict r, REAL *restrict d, REAL *restrict theta) {
  switch (kind) {
    case IW_DUAL_PIECEWISE_LINEAR: {
      const REAL root = ROOT(variances.one);
      for (size_t j = 0; j < count; j++) {
        REAL across = r[j], distance;
        const DUAL dual =
            piecewise_linear(slope, root, ROOT(variances.others[j]), q[j], &across, &distance);
        q[j] = dense.weight * dual.value + dense.bias;
        across *= dense.weight;
        r[j] = ROOT(across * across + dense.weight * dense.bias * distance);
        d[j] = dense.weight * distance;
        theta[j] = dense.gradient * dual.value + dense.bias_gradient +
                   dense.weight * (theta[j] * dual.derivative);
      }
      break;
    }
    case IW_DUAL_ERF:
      SMOOTH_LAYER(error_function(p, other, q[j], r[j]))
      break;
    case IW_DUAL_GELU:
      SMOOTH_LAYER(gaussian_linear(p, other, q[j], r[j]))
      break;
    case IW_DUAL_SINE:
      SMOOTH_LAYER(sine(p, other, q[j], d[j]))
      break;
  }
}

void NAME(iw_transpose)(const REAL *restrict from, size_t rows, size_t columns,
                        REAL *restrict to) {
  // In squares that stay in the first-level cache with their lines.
  enum { SIDE = 16 };
  for (size_t row = 0; row < rows; row += SIDE) {
    const size_t last_row = row + SIDE < rows ? row + SIDE : rows;
    for (size_t column = 0; column < columns; column += SIDE) {
      const size_t last_column = column + SIDE < columns ? column + SIDE : columns;
      for (size_t i = row; i < last_row; i++) {
        for (size_t j = column; j < last_column; j++) to[j * rows + i] = from[i * columns + j];
      }
    }
  }
}

void NAME(iw_mirror_upper)(REAL *elements, size_t order) {
  for (size_t i = 0; i < order; i++) {
    for (size_t j = 0; j < i; j++) elements[i * order + j] = elements[j * order + i];
  }
}
