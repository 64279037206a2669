// Spreading by a compact window (see iw_density.h); records are in double precision whatever the
// points were.
#include <math.h>

#include "iw_clones.h"
#include "iw_density.h"

#define INLINED static inline __attribute__((always_inline))

typedef double vector8 __attribute__((ext_vector_type(8), aligned(8)));
typedef double vector4 __attribute__((ext_vector_type(4), aligned(8)));

// Weights of up to 12 cells: the first 8, and 4 more.
typedef struct {
  vector8 head;
  vector4 tail;
} weights;

INLINED weights window(double t, size_t width, size_t terms, const double *coefficients,
                       ptrdiff_t *first) {
  const double left = ceil(t - 0.5 * (double)width);
  *first = (ptrdiff_t)left;
  const double s = 2 * (left - t) + (double)(width - 1);
  const double v = s * s;
  const vector8 *c = (const vector8 *)coefficients;
  vector8 even = c[2 * (terms - 1)], odd = c[2 * (terms - 1) + 1];
  for (size_t i = terms - 1; i-- > 0;) {
    even = even * v + c[2 * i];
    odd = odd * v + c[2 * i + 1];
  }
  odd *= s;
  const vector8 a = even + odd, b = even - odd;
  weights result;
  if (width == 12) {
    result.head = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 13, 12);
    result.tail = __builtin_shufflevector(b, b, 3, 2, 1, 0);
  } else {
    result.head = __builtin_shufflevector(a, b, 0, 1, 2, 3, 11, 10, 9, 8);
    result.tail = 0;
  }
  return result;
}

// Adds factor * w to a row.
INLINED void add_row(double *row, weights w, double factor, size_t width) {
  *(vector8 *)row += w.head * factor;
  if (width == 12) *(vector4 *)(row + 8) += w.tail * factor;
}

INLINED void spread(const double *records, size_t n, size_t d, size_t width, size_t terms,
                    const double *coefficients, const size_t *shape, double *grid) {
  const size_t row = shape[d - 1];
  for (size_t p = 0; p < n; p++) {
    const double *record = records + p * (d + 1);
    ptrdiff_t first[3];
    double outer[2][12];
    for (size_t j = 0; j + 1 < d; j++) {
      weights w = window(record[j], width, terms, coefficients, &first[j]);
      if (j == 0) w.head *= record[d], w.tail *= record[d];
      *(vector8 *)outer[j] = w.head;
      *(vector4 *)(outer[j] + 8) = w.tail;
    }
    const weights last = window(record[d - 1], width, terms, coefficients, &first[d - 1]);
    if (d == 2) {
      double *target = grid + first[0] * row + first[1];
      for (size_t a = 0; a < width; a++, target += row) add_row(target, last, outer[0][a], width);
    } else {
      for (size_t a = 0; a < width; a++) {
        double *target = grid + ((first[0] + a) * shape[1] + first[1]) * row + first[2];
        for (size_t b = 0; b < width; b++, target += row)
          add_row(target, last, outer[0][a] * outer[1][b], width);
      }
    }
  }
}

IW_CLONES void iw_spread(const double *records, size_t n, size_t dimensions, size_t width,
                         size_t terms, const double *coefficients, const size_t *shape,
                         double *grid) {
  if (dimensions == 2) {
    if (width == 12) spread(records, n, 2, 12, terms, coefficients, shape, grid);
    else spread(records, n, 2, 8, terms, coefficients, shape, grid);
  } else {
    if (width == 12) spread(records, n, 3, 12, terms, coefficients, shape, grid);
    else spread(records, n, 3, 8, terms, coefficients, shape, grid);
  }
}

INLINED void read_line(const double *x, size_t n, double first, double cell, size_t width,
                       size_t terms, const double *coefficients, const double *cells,
                       double *values) {
  const double inverse = 1 / cell;
  for (size_t i = 0; i < n; i++) {
    ptrdiff_t start;
    const weights w = window((x[i] - first) * inverse, width, terms, coefficients, &start);
    const vector8 head = w.head * *(const vector8 *)(cells + start);
    double sum = ((head[0] + head[1]) + (head[2] + head[3])) +
                 ((head[4] + head[5]) + (head[6] + head[7]));
    if (width == 12) {
      const vector4 tail = w.tail * *(const vector4 *)(cells + start + 8);
      sum += (tail[0] + tail[1]) + (tail[2] + tail[3]);
    }
    values[i] = sum;
  }
}

IW_CLONES void iw_read_line(const double *x, size_t n, double first, double cell, size_t width,
                            size_t terms, const double *coefficients, const double *cells,
                            double *values) {
  if (width == 12) read_line(x, n, first, cell, 12, terms, coefficients, cells, values);
  else read_line(x, n, first, cell, 8, terms, coefficients, cells, values);
}

IW_CLONES void iw_window_weights(const double *t, size_t n, size_t width, size_t terms,
                                 const double *coefficients, double *out, ptrdiff_t *first) {
  for (size_t i = 0; i < n; i++, out += width) {
    const weights w = window(t[i], width, terms, coefficients, &first[i]);
    *(vector8 *)out = w.head;
    if (width == 12) *(vector4 *)(out + 8) = w.tail;
  }
}
