// The loops of iw_density.h that read points, for the precision of the points that the including
// file defines (REAL, NAME). All arithmetic is in double precision.
#include <math.h>
#include <stdint.h>

#include "iw_clones.h"
#include "iw_density.h"

#define INLINED static inline __attribute__((always_inline))

// Sums run in this many lanes, so that they are vector instructions with the same bits on every
// instruction set.
#define LANES 8

INLINED void check(const REAL *x, const REAL *mass, size_t n, size_t d, const double *lower,
                   const double *upper, const double *first, const double *last,
                   iw_point_check *sums) {
  double total[LANES] = {0}, squares[LANES] = {0}, beyond[LANES] = {0}, outside[LANES] = {0},
         bad[LANES] = {0};
  for (size_t i = 0; i < n; i += LANES) {
    const size_t count = n - i < LANES ? n - i : LANES;
#pragma clang loop vectorize(enable)
    for (size_t k = 0; k < count; k++) {
      const double m = mass ? (double)mass[i + k] : 1;
      int is_outside = 0, is_good = mass ? m >= 0 && m <= 1.7976931348623157e308 : 1;
      for (size_t j = 0; j < d; j++) {
        const double value = x[(i + k) * d + j];
        is_outside |= (value < lower[j]) | (value > upper[j]);
        is_good &= (value >= first[j]) & (value <= last[j]);
      }
      total[k] += m;
      squares[k] += m * m;
      beyond[k] += is_outside ? m : 0;
      outside[k] += is_outside ? 1 : 0;
      bad[k] += is_good ? 0 : 1;
    }
  }
  for (size_t k = 0; k < LANES; k++) {
    sums->mass += total[k];
    sums->squared_mass += squares[k];
    sums->outside_mass += beyond[k];
    sums->outside += (size_t)outside[k];
    sums->bad += (size_t)bad[k];
  }
}

// One dimension, equal masses: the case that is limited by memory.
INLINED void check_line(const REAL *x, size_t n, double lower, double upper, double first,
                        double last, iw_point_check *sums) {
  size_t outside = 0, bad = 0;
  for (size_t i = 0; i < n; i++) {
    const double value = x[i];
    outside += (value < lower) | (value > upper);
    bad += !((value >= first) & (value <= last));
  }
  sums->mass += (double)n;
  sums->squared_mass += (double)n;
  sums->outside_mass += (double)outside;
  sums->outside += outside;
  sums->bad += bad;
}

IW_CLONES void NAME(iw_check_points)(const REAL *x, const REAL *mass, size_t n, size_t dimensions,
                                     const double *lower, const double *upper,
                                     const double *first, const double *last,
                                     iw_point_check *sums) {
  switch (dimensions) {
    case 1:
      if (mass) check(x, mass, n, 1, lower, upper, first, last, sums);
      else check_line(x, n, *lower, *upper, *first, *last, sums);
      break;
    case 2: check(x, mass, n, 2, lower, upper, first, last, sums); break;
    default: check(x, mass, n, 3, lower, upper, first, last, sums); break;
  }
}

typedef double vector8 __attribute__((ext_vector_type(8), aligned(8)));
typedef double vector4 __attribute__((ext_vector_type(4), aligned(8)));

// Points whose cells are found before their moments are added: finding them is vector
// instructions across points, adding is across moments.
#define BATCH 128

INLINED void add_moments(const REAL *x, const REAL *mass, size_t n, double first, double cell,
                         size_t cells, size_t terms, double *moments) {
  const double inverse = 1 / cell;
  const double left = first - 0.5 * cell;
  const double end = (double)cells;
  int32_t index[BATCH];
  double place[BATCH];
  for (size_t start = 0; start < n; start += BATCH) {
    const size_t count = n - start < BATCH ? n - start : BATCH;
    const REAL *points = x + start;
#pragma clang loop vectorize(enable)
    for (size_t k = 0; k < count; k++) {
      const double value = points[k];
      const double t = (value - left) * inverse;
      const int32_t j = (int32_t)(((t >= 0) & (t < end)) ? t : end);
      index[k] = j;
      // Relative to the centre, which is exact (see CellAxis): the difference of two numbers near
      // each other has no rounding error, where that of t grows with the number of cells.
      place[k] = (value - (first + (double)j * cell)) * inverse;
    }
    for (size_t k = 0; k < count; k++) {
      const double u = place[k], u2 = u * u;
      if (terms == 8) {
        const double u4 = u2 * u2;
        const vector8 one = 1;
        const vector8 a = __builtin_shufflevector(one, (vector8)u, 0, 8, 0, 8, 0, 8, 0, 8);
        const vector8 b = __builtin_shufflevector(one, (vector8)u2, 0, 0, 8, 8, 0, 0, 8, 8);
        const vector8 c = __builtin_shufflevector(one, (vector8)u4, 0, 0, 0, 0, 8, 8, 8, 8);
        vector8 powers = a * b * c;
        if (mass) powers *= (double)mass[start + k];
        vector8 *sum = (vector8 *)(moments + 8 * (size_t)index[k]);
        *sum += powers;
      } else {
        const vector4 one = 1;
        const vector4 a = __builtin_shufflevector(one, (vector4)u, 0, 4, 0, 4);
        const vector4 b = __builtin_shufflevector(one, (vector4)u2, 0, 0, 4, 4);
        vector4 powers = a * b;
        if (mass) powers *= (double)mass[start + k];
        vector4 *sum = (vector4 *)(moments + 4 * (size_t)index[k]);
        *sum += powers;
      }
    }
  }
}

IW_CLONES void NAME(iw_add_moments)(const REAL *x, const REAL *mass, size_t n, double first,
                                    double cell, size_t cells, size_t terms, double *moments) {
  if (terms == 8) {
    if (mass) add_moments(x, mass, n, first, cell, cells, 8, moments);
    else add_moments(x, 0, n, first, cell, cells, 8, moments);
  } else {
    if (mass) add_moments(x, mass, n, first, cell, cells, 4, moments);
    else add_moments(x, 0, n, first, cell, cells, 4, moments);
  }
}

// The slab of a point and its coordinates in cells; `slabs` for a point that is not kept.
INLINED size_t slab_of(const REAL *point, const iw_placement *place, size_t d, double *t) {
  int inside = 1;
  for (size_t j = 0; j < d; j++) {
    t[j] = ((double)point[j] - place->origin[j]) * place->inverse_cell[j];
    inside &= (t[j] >= place->low[j]) & (t[j] <= place->high[j]);
  }
  return inside ? (size_t)t[0] / place->slab_rows : place->slabs;
}

INLINED void count_slabs(const REAL *x, size_t n, const iw_placement *place, size_t d,
                         size_t *counts) {
  double t[3];
  for (size_t i = 0; i < n; i++) {
    const size_t slab = slab_of(x + i * d, place, d, t);
    if (slab < place->slabs) counts[slab]++;
  }
}

IW_CLONES void NAME(iw_count_slabs)(const REAL *x, size_t n, const iw_placement *place,
                                    size_t *counts) {
  if (place->dimensions == 2) count_slabs(x, n, place, 2, counts);
  else count_slabs(x, n, place, 3, counts);
}

INLINED void sort_into_slabs(const REAL *x, const REAL *mass, size_t n, const iw_placement *place,
                             size_t d, size_t *next, double *records) {
  double t[3];
  for (size_t i = 0; i < n; i++) {
    const size_t slab = slab_of(x + i * d, place, d, t);
    if (slab >= place->slabs) continue;
    double *record = records + (d + 1) * next[slab]++;
    for (size_t j = 0; j < d; j++) record[j] = t[j];
    record[d] = mass ? (double)mass[i] : 1;
  }
}

IW_CLONES void NAME(iw_sort_into_slabs)(const REAL *x, const REAL *mass, size_t n,
                                        const iw_placement *place, size_t *next,
                                        double *records) {
  if (place->dimensions == 2) sort_into_slabs(x, mass, n, place, 2, next, records);
  else sort_into_slabs(x, mass, n, place, 3, next, records);
}

IW_CLONES void NAME(iw_scale_pairs)(REAL *pairs, const double *factor, double times,
                                    size_t count) {
  for (size_t k = 0; k < count; k++) {
    const REAL f = (REAL)(factor[k] * times);
    pairs[2 * k] *= f;
    pairs[2 * k + 1] *= f;
  }
}

IW_CLONES void NAME(iw_contract_axis)(const REAL *in, size_t outer, size_t size, size_t inner,
                                      const double *weights, const size_t *start,
                                      const size_t *target, size_t entries, size_t width,
                                      size_t count, REAL *out) {
  for (size_t o = 0; o < outer; o++) {
    const REAL *rows = in + o * size * inner;
    for (size_t e = 0; e < entries; e++) {
      REAL *sums = out + (o * count + target[e]) * inner;
      for (size_t j = 0; j < width; j++) {
        const REAL weight = (REAL)weights[e * width + j];
        const REAL *row = rows + (start[e] + j) * inner;
        for (size_t i = 0; i < inner; i++) sums[i] += weight * row[i];
      }
    }
  }
}

#include "density_local_template.h"
