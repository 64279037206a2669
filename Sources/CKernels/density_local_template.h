// Local sums: every point adds its kernel to the grid points within reach. Included by
// density_template.h.

#ifndef DENSITY_LOCAL_KERNELS
#define DENSITY_LOCAL_KERNELS
// exp(-x^2) of vector_math.h in double precision, for points of either precision.
#pragma push_macro("REAL")
#pragma push_macro("NAME")
#undef REAL
#undef NAME
#define REAL double
#define NAME(base) base##_f64
#define BITS uint64_t
#define MANTISSA_BITS 52
#include "vector_math.h"
#pragma pop_macro("NAME")
#pragma pop_macro("REAL")
#endif

// k(u), u in standard deviations, without its norm: 1 at 0. The supports are those of unit
// variance, squared: 5, 6, 7 and 3.
INLINED double kernel_shape(iw_smoothing_kernel kernel, double u) {
  const double square = u * u;
  switch (kernel) {
    case IW_GAUSSIAN: return exp_minus_square(u * 0.707106781186547524);
    case IW_EPANECHNIKOV: {
      const double rest = 1 - square / 5;
      return rest > 0 ? rest : 0;
    }
    case IW_TRIANGULAR: {
      const double rest = 1 - magnitude(u) / 2.449489742783178098;
      return rest > 0 ? rest : 0;
    }
    case IW_BIWEIGHT: {
      const double rest = 1 - square / 7;
      return rest > 0 ? rest * rest : 0;
    }
    case IW_BOX: {
      const double rest = 1.732050807568877294 - magnitude(u);
      return rest > 0 ? 1 : rest < 0 ? 0 : 0.5;
    }
  }
}

// The grid indices within reach of x: [from, to).
INLINED void within_reach(const iw_local_sum *sum, size_t axis, double x, size_t *from,
                          size_t *to) {
  const double low = (x - sum->reach[axis] - sum->lower[axis]) / sum->spacing[axis];
  const double high = (x + sum->reach[axis] - sum->lower[axis]) / sum->spacing[axis];
  const double count = (double)sum->shape[axis];
  *from = low > 0 ? (low < count ? (size_t)low : sum->shape[axis]) : 0;
  *to = high < 0 ? 0 : high + 2 < count ? (size_t)high + 2 : sum->shape[axis];
  if (*to < *from) *to = *from;
}

INLINED double grid_coordinate(const iw_local_sum *sum, size_t axis, size_t index) {
  return index + 1 == sum->shape[axis] ? sum->upper[axis]
                                       : sum->lower[axis] + (double)index * sum->spacing[axis];
}

// Mirror images of a point along one axis, itself among them: for each bound 2 bound - x; with two
// bounds all of these, shifted by multiples of twice their distance.
typedef struct {
  double low, high, period, nearest, farthest;
  size_t count;
} image_list;

INLINED image_list images_of(const iw_local_sum *sum, size_t axis) {
  image_list list = {sum->low_bound[axis], sum->high_bound[axis], 0,
                     sum->lower[axis] - sum->reach[axis], sum->upper[axis] + sum->reach[axis], 1};
  const int has_low = list.low > -INFINITY, has_high = list.high < INFINITY;
  if (has_low && has_high) {
    list.period = 2 * (list.high - list.low);
    list.count = 2 * (2 * ((size_t)((list.farthest - list.nearest) / list.period) + 2) + 1);
  } else if (has_low || has_high) {
    list.count = 2;
  }
  return list;
}

// Image k of x and its orientation, 1 or -1; 0 where it is out of reach of the grid.
INLINED int image_of(const image_list *list, double x, size_t k, double *image) {
  const double turn = (double)((k + 2) / 4) * (k / 2 % 2 ? -1 : 1);
  const int orientation = k % 2 ? -1 : 1;
  const double bound = list->low > -INFINITY ? list->low : list->high;
  *image = (k % 2 ? 2 * bound - x : x) + turn * list->period;
  return *image >= list->nearest && *image <= list->farthest ? orientation : 0;
}

// Fills weights[from ..< to] along one axis.
INLINED void axis_weights(const iw_local_sum *sum, iw_smoothing_kernel kernel, size_t axis,
                          double x, double *weights, size_t *from, size_t *to) {
  const double inverse = 1 / sum->deviation[axis];
  const image_list list = images_of(sum, axis);
  double image;
  size_t a, b;
  *from = sum->shape[axis];
  *to = 0;
  for (size_t k = 0; k < list.count; k++) {
    if (!image_of(&list, x, k, &image)) continue;
    within_reach(sum, axis, image, &a, &b);
    if (a < b && a < *from) *from = a;
    if (a < b && b > *to) *to = b;
  }
  for (size_t i = *from; i < *to; i++) weights[i] = 0;
  for (size_t k = 0; k < list.count; k++) {
    if (!image_of(&list, x, k, &image)) continue;
    within_reach(sum, axis, image, &a, &b);
    for (size_t i = a; i < b; i++)
      weights[i] += kernel_shape(kernel, (grid_coordinate(sum, axis, i) - image) * inverse);
  }
}

INLINED void add_product(const REAL *x, const REAL *mass, size_t n, const iw_local_sum *sum,
                         size_t d, iw_smoothing_kernel kernel, double *scratch, double *grid) {
  double *weights[3] = {scratch, scratch + sum->shape[0],
                        scratch + sum->shape[0] + (d > 1 ? sum->shape[1] : 0)};
  const double *last = weights[d - 1];
  for (size_t p = 0; p < n; p++) {
    size_t from[3], to[3];
    for (size_t j = 0; j < d; j++)
      axis_weights(sum, kernel, j, x[p * d + j], weights[j], &from[j], &to[j]);
    const double m = mass ? (double)mass[p] : 1;
    const size_t a_from = d > 2 ? from[0] : 0, a_to = d > 2 ? to[0] : 1;
    const size_t b_from = d > 1 ? from[d - 2] : 0, b_to = d > 1 ? to[d - 2] : 1;
    for (size_t a = a_from; a < a_to; a++) {
      for (size_t b = b_from; b < b_to; b++) {
        double factor = m;
        if (d > 2) factor *= weights[0][a];
        if (d > 1) factor *= weights[d - 2][b];
        const size_t row = d > 1 ? (d > 2 ? a * sum->shape[1] : 0) + b : 0;
        double *target = grid + row * sum->shape[d - 1];
        for (size_t c = from[d - 1]; c < to[d - 1]; c++) target[c] += factor * last[c];
      }
    }
  }
}

// A Gaussian that is not a product, around one image of a point; signs say which coordinates are
// mirrored, and with them the kernel.
INLINED void add_whitened(const iw_local_sum *sum, size_t d, const double *centre,
                          const double *sign, double m, double *grid) {
  size_t from[3] = {0, 0, 0}, to[3] = {1, 1, 1};
  for (size_t j = 0; j < d; j++) within_reach(sum, j, centre[j], &from[3 - d + j], &to[3 - d + j]);
  const double *w = sum->whitening;
  for (size_t a = from[0]; a < to[0]; a++) {
    const double z0 = d > 2 ? sign[0] * (grid_coordinate(sum, 0, a) - centre[0]) : 0;
    for (size_t b = from[1]; b < to[1]; b++) {
      const size_t middle = d - 2;
      const double z1 = sign[middle] * (grid_coordinate(sum, middle, b) - centre[middle]);
      double *target = grid + (d > 2 ? a * sum->shape[1] + b : b) * sum->shape[d - 1];
      // Squares of the whitened difference that the last coordinate does not enter, and its offset.
      const double first = d > 2 ? w[0] * z0 : 0;
      const double second = d > 2 ? w[3] * z0 + w[4] * z1 : w[0] * z1;
      const double offset = d > 2 ? w[6] * z0 + w[7] * z1 : w[2] * z1;
      const double slope = d > 2 ? w[8] : w[3];
      const double rest = first * first + second * second;
      for (size_t c = from[2]; c < to[2]; c++) {
        const double z2 = sign[d - 1] * (grid_coordinate(sum, d - 1, c) - centre[d - 1]);
        const double u = offset + slope * z2;
        target[c] += m * exp_minus_square(sqrt(0.5 * (rest + u * u)));
      }
    }
  }
}

INLINED void add_matrix(const REAL *x, const REAL *mass, size_t n, const iw_local_sum *sum,
                        size_t d, double *grid) {
  image_list lists[3];
  size_t combinations = 1;
  for (size_t j = 0; j < d; j++) {
    lists[j] = images_of(sum, j);
    combinations *= lists[j].count;
  }
  for (size_t p = 0; p < n; p++) {
    const double m = mass ? (double)mass[p] : 1;
    for (size_t combination = 0; combination < combinations; combination++) {
      double centre[3], sign[3];
      size_t rest = combination;
      int in_reach = 1;
      for (size_t j = 0; j < d; j++) {
        sign[j] = image_of(&lists[j], x[p * d + j], rest % lists[j].count, &centre[j]);
        in_reach &= sign[j] != 0;
        rest /= lists[j].count;
      }
      if (in_reach) add_whitened(sum, d, centre, sign, m, grid);
    }
  }
}

#define FOR_EACH_DIMENSION(d, loop, ...) \
  switch (d) {                           \
    case 1: loop(1, __VA_ARGS__); break; \
    case 2: loop(2, __VA_ARGS__); break; \
    default: loop(3, __VA_ARGS__); break; \
  }

IW_CLONES void NAME(iw_add_local)(const REAL *x, const REAL *mass, size_t n,
                                  const iw_local_sum *sum, double *scratch, double *grid) {
#define ADD(d, kernel) add_product(x, mass, n, sum, d, kernel, scratch, grid)
  if (sum->is_matrix) {
    if (sum->dimensions == 2) add_matrix(x, mass, n, sum, 2, grid);
    else add_matrix(x, mass, n, sum, 3, grid);
    return;
  }
  switch (sum->kernel) {
    case IW_GAUSSIAN: FOR_EACH_DIMENSION(sum->dimensions, ADD, IW_GAUSSIAN); break;
    case IW_EPANECHNIKOV: FOR_EACH_DIMENSION(sum->dimensions, ADD, IW_EPANECHNIKOV); break;
    case IW_TRIANGULAR: FOR_EACH_DIMENSION(sum->dimensions, ADD, IW_TRIANGULAR); break;
    case IW_BIWEIGHT: FOR_EACH_DIMENSION(sum->dimensions, ADD, IW_BIWEIGHT); break;
    case IW_BOX: FOR_EACH_DIMENSION(sum->dimensions, ADD, IW_BOX); break;
  }
#undef ADD
}
