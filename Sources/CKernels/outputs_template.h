// Loops of networks with several outputs, for both precisions; see iw_pointwise.h. Included after
// pointwise_template.h, whose phi and dphi they use.

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
