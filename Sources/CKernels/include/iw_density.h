// Loops over the points of a density: checks, moments in cells, spreading by a window, local sums
// and interpolation. Coordinates are row-major: coordinate j of point i is x[i * dimensions + j].
// Sums are kept in double precision whatever the precision of the points. A null pointer for the
// masses means 1 each.
#ifndef INFINITEWIDTH_IW_DENSITY_H
#define INFINITEWIDTH_IW_DENSITY_H

#include <stddef.h>
#include <stdint.h>

// What a check of points gathers.
typedef struct {
  double mass;
  double squared_mass;
  double outside_mass;
  size_t outside;
  // Points with a coordinate beyond the accepted range, or a mass that is negative or not finite.
  size_t bad;
} iw_point_check;

// Sums over n points; outside are those beyond [lower, upper] in some coordinate, bad those beyond
// [first, last] (NaN and infinity are beyond any range).
void iw_check_points_f32(const float *x, const float *mass, size_t n, size_t dimensions,
                         const double *lower, const double *upper, const double *first,
                         const double *last, iw_point_check *sums);
void iw_check_points_f64(const double *x, const double *mass, size_t n, size_t dimensions,
                         const double *lower, const double *upper, const double *first,
                         const double *last, iw_point_check *sums);

// Adds m u^p, p < terms (4 or 8), to moments[terms * j + p] for each point, u being its distance
// from the centre of its cell in cells: cell j has the centre first + j * cell. Cell number `cells`
// takes what lies outside.
void iw_add_moments_f32(const float *x, const float *mass, size_t n, double first, double cell,
                        size_t cells, size_t terms, double *moments);
void iw_add_moments_f64(const double *x, const double *mass, size_t n, double first, double cell,
                        size_t cells, size_t terms, double *moments);

// Where points fall on a grid of cells in two or three dimensions. Points are spread in slabs of
// rows along the first axis.
typedef struct {
  size_t dimensions;
  double origin[3];
  double inverse_cell[3];
  // Points are kept where low <= (x - origin) * inverse_cell <= high.
  double low[3], high[3];
  size_t slab_rows;
  size_t slabs;
} iw_placement;

// Adds the numbers of points in each slab to counts[slabs]; others count nowhere.
void iw_count_slabs_f32(const float *x, size_t n, const iw_placement *place, size_t *counts);
void iw_count_slabs_f64(const double *x, size_t n, const iw_placement *place, size_t *counts);

// Writes (coordinates in cells..., mass) of each point to records[(dimensions + 1) * k], where k is
// next[slab], which then goes up by one.
void iw_sort_into_slabs_f32(const float *x, const float *mass, size_t n, const iw_placement *place,
                            size_t *next, double *records);
void iw_sort_into_slabs_f64(const double *x, const double *mass, size_t n,
                            const iw_placement *place, size_t *next, double *records);

// Spreads records over a grid (last axis fastest) by a product of windows of `width` cells (8 or
// 12). The window's weights for the cells first, first + 1, ... of a point at t, where first =
// ceil(t - width / 2), are even(v) + s odd(v) from the left end and even(v) - s odd(v) from the
// right, s = 2 (first - t) + width - 1 in [-1, 1], v = s^2; coefficients[8 (2 i + parity) + k] is
// that of v^i for the k-th cell from an end.
void iw_spread(const double *records, size_t n, size_t dimensions, size_t width, size_t terms,
               const double *coefficients, const size_t *shape, double *grid);

// The weights of that window for n points, `width` in order for each, and `first`.
void iw_window_weights(const double *t, size_t n, size_t width, size_t terms,
                       const double *coefficients, double *weights, ptrdiff_t *first);

// Values at points on a line, read from cells (cell j at first + j * cell) through that window;
// every window must lie on the cells.
void iw_read_line(const double *x, size_t n, double first, double cell, size_t width, size_t terms,
                  const double *coefficients, const double *cells, double *values);

typedef enum {
  IW_GAUSSIAN,
  IW_EPANECHNIKOV,
  IW_TRIANGULAR,
  IW_BIWEIGHT,
  IW_BOX,
} iw_smoothing_kernel;

// Grid and kernel of local sums.
typedef struct {
  size_t dimensions;
  size_t shape[3];
  double lower[3], upper[3], spacing[3];
  // Reflecting bounds, infinite where there are none.
  double low_bound[3], high_bound[3];
  // Half widths of the kernel: what lies beyond counts nothing.
  double reach[3];
  // Standard deviations of a product kernel.
  double deviation[3];
  iw_smoothing_kernel kernel;
  // 0, or 1 for a Gaussian with the lower triangular matrix that whitens differences.
  int is_matrix;
  double whitening[9];
} iw_local_sum;

// Adds m K(g - x) to every grid point g within reach of each point x and of its mirror images, the
// kernels without their norm 1 / volume: a product of k(|u| / deviation), with k(0) = 1. Scratch:
// the sum of the shape.
void iw_add_local_f32(const float *x, const float *mass, size_t n, const iw_local_sum *sum,
                      double *scratch, double *grid);
void iw_add_local_f64(const double *x, const double *mass, size_t n, const iw_local_sum *sum,
                      double *scratch, double *grid);

// Multiplies each of `count` complex numbers (pairs) by times * factor[k].
void iw_scale_pairs_f32(float *pairs, const double *factor, double times, size_t count);
void iw_scale_pairs_f64(double *pairs, const double *factor, double times, size_t count);

// Contracts the middle axis of in[outer][size][inner] by bands of weights: for each entry e, in
// order, out[o][target[e]][i] += sum_j weights[e * width + j] in[o][start[e] + j][i]; out is
// [outer][count][inner].
void iw_contract_axis_f32(const float *in, size_t outer, size_t size, size_t inner,
                          const double *weights, const size_t *start, const size_t *target,
                          size_t entries, size_t width, size_t count, float *out);
void iw_contract_axis_f64(const double *in, size_t outer, size_t size, size_t inner,
                          const double *weights, const size_t *start, const size_t *target,
                          size_t entries, size_t width, size_t count, double *out);

#endif
