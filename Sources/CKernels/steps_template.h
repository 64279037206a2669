// Steps of parameters along gradients, for both precisions; see iw_pointwise.h. Included after
// pointwise_template.h.

IW_CLONES void NAME(iw_scale_rows)(REAL *g, const REAL *a, size_t rows, size_t features) {
  for (size_t r = 0; r < rows; r++) {
    const REAL factor = a[r];
    for (size_t j = 0; j < features; j++) g[r * features + j] *= factor;
  }
}

IW_CLONES void NAME(iw_descend)(REAL *restrict x, const REAL *restrict g, size_t count, REAL step) {
  for (size_t i = 0; i < count; i++) x[i] -= step * g[i];
}

IW_CLONES void NAME(iw_momentum)(REAL *restrict x, REAL *restrict v, const REAL *restrict g,
                                 size_t count, REAL momentum, REAL step) {
  for (size_t i = 0; i < count; i++) {
    v[i] = momentum * v[i] + g[i];
    x[i] -= step * v[i];
  }
}

IW_CLONES void NAME(iw_rmsprop)(REAL *restrict x, REAL *restrict v, const REAL *restrict g,
                                size_t count, REAL smoothing, REAL fresh, REAL step,
                                REAL epsilon) {
  for (size_t i = 0; i < count; i++) {
    v[i] = smoothing * v[i] + fresh * (g[i] * g[i]);
    const REAL root = __builtin_elementwise_sqrt(v[i]) + epsilon;
    x[i] -= step * (g[i] / (root + (REAL)(root == 0)));
  }
}
