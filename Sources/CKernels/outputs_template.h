// Loops of networks with several outputs, for both precisions; see iw_pointwise.h. Included after
// pointwise_template.h, whose phi and dphi they use.

static inline __attribute__((always_inline)) void values(iw_activation kind, REAL slope,
                                                         const REAL *restrict z, size_t count,
                                                         REAL *restrict y) {
  for (size_t i = 0; i < count; i++) y[i] = phi(kind, slope, z[i]);
}

IW_CLONES void NAME(iw_values)(iw_activation kind, REAL slope, const REAL *z, size_t count,
                               REAL *y) {
#define LOOP(k) values(k, slope, z, count, y)
  FOR_EACH_KIND(kind, LOOP)
#undef LOOP
}

static inline __attribute__((always_inline)) void pair_values(iw_activation kind, REAL slope,
                                                              REAL *z, size_t rows, size_t points,
                                                              size_t stride) {
  size_t r = 0;
  for (; r + 2 <= rows; r += 2) {
    REAL *restrict z0 = z + r * stride, *restrict z1 = z0 + stride;
    for (size_t i = 0; i < points; i++) {
      const REAL p = phi(kind, slope, z0[i]), q = phi(kind, slope, z1[i]);
      z0[i] = p + q;
      z1[i] = p - q;
    }
  }
  if (r < rows) {
    for (size_t i = 0; i < points; i++) z[r * stride + i] = phi(kind, slope, z[r * stride + i]);
  }
}

IW_CLONES void NAME(iw_pair_values)(iw_activation kind, REAL slope, REAL *z, size_t rows,
                                    size_t points, size_t stride) {
#define LOOP(k) pair_values(k, slope, z, rows, points, stride)
  FOR_EACH_KIND(kind, LOOP)
#undef LOOP
}

IW_CLONES void NAME(iw_pair_weights)(const REAL *a, size_t rows, size_t outputs, REAL *out) {
  size_t r = 0;
  for (; r + 2 <= rows; r += 2) {
    const REAL *a0 = a + r * outputs, *a1 = a0 + outputs;
    REAL *restrict o0 = out + r * outputs, *restrict o1 = o0 + outputs;
    for (size_t c = 0; c < outputs; c++) {
      o0[c] = (a0[c] + a1[c]) / 2;
      o1[c] = (a0[c] - a1[c]) / 2;
    }
  }
  if (r < rows) memcpy(out + r * outputs, a + r * outputs, outputs * sizeof(REAL));
}

static inline __attribute__((always_inline)) void backward_outputs(iw_activation kind, REAL slope,
                                                                   REAL *z, REAL *b, size_t rows,
                                                                   size_t points, size_t stride) {
  for (size_t r = 0; r < rows; r++) {
    REAL *restrict zr = z + r * stride, *restrict br = b + r * stride;
    for (size_t i = 0; i < points; i++) {
      const REAL value = phi(kind, slope, zr[i]);
      br[i] *= dphi(kind, slope, zr[i], value);
      zr[i] = value;
    }
  }
}

IW_CLONES void NAME(iw_backward_outputs)(iw_activation kind, REAL slope, REAL *z, REAL *b,
                                         size_t rows, size_t points, size_t stride) {
#define LOOP(k) backward_outputs(k, slope, z, b, rows, points, stride)
  FOR_EACH_KIND(kind, LOOP)
#undef LOOP
}

IW_CLONES void NAME(iw_backward_means)(REAL slope, REAL *z, const REAL *start, REAL *b, size_t rows,
                                       size_t points, size_t stride, REAL steps) {
  const REAL even = (1 + slope) / 2, odd = (1 - slope) / 2, each = 2 / (steps - 1);
  for (size_t r = 0; r < rows; r++) {
    REAL *restrict zr = z + r * stride, *restrict br = b + r * stride;
    const REAL *restrict sr = start + r * stride;
    for (size_t i = 0; i < points; i++) {
      const REAL first = sr[i], middle = zr[i];
      const REAL change = each * (middle - first);
      const REAL last = first + (steps - 1) * change;
      const REAL sign = first < 0 ? (REAL)-1 : (REAL)1;
      const int crosses = (first < 0) != (last < 0);
      const REAL size = sign * first, speed = crosses ? -sign * change : (REAL)1;
      // Steps before the kink is crossed, from 1 to steps - 1 but for rounding.
      const REAL before = crosses ? CEIL(size / speed) : steps;
      const REAL after = steps - before;
      const REAL sum = before * size - speed * before * (before - 1) / 2 +
                       after * (speed * (before + steps - 1) / 2 - size);
      br[i] *= even + odd * sign * (before - after) / steps;
      zr[i] = even * middle + odd * (crosses ? sum / steps : sign * middle);
    }
  }
}

void NAME(iw_gather)(const REAL *a, size_t rows, size_t outputs, size_t column, REAL *out) {
  for (size_t r = 0; r < rows; r++) out[r] = a[r * outputs + column];
}

void NAME(iw_row_rms)(const REAL *a, size_t rows, size_t outputs, REAL *out) {
  for (size_t r = 0; r < rows; r++) {
    REAL sum = 0;
    for (size_t c = 0; c < outputs; c++) sum += a[r * outputs + c] * a[r * outputs + c];
    out[r] = __builtin_elementwise_sqrt(sum / (REAL)outputs);
  }
}
