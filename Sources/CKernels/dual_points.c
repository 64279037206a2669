// What kernels of deep networks need of single points; see iw_dual.h.
#include "iw_clones.h"
#include "iw_dual.h"

#define LANES 16

IW_CLONES double iw_squared_norm(const double *x, size_t features) {
  double lanes[LANES] = {0};
  size_t j = 0;
  for (; j + LANES <= features; j += LANES) {
    for (size_t lane = 0; lane < LANES; lane++) lanes[lane] += x[j + lane] * x[j + lane];
  }
  for (; j < features; j++) lanes[j % LANES] += x[j] * x[j];
  double sum = 0;
  for (size_t lane = 0; lane < LANES; lane++) sum += lanes[lane];
  return sum;
}

IW_CLONES void iw_round_numbers(const double *from, size_t count, float *to) {
  for (size_t i = 0; i < count; i++) to[i] = (float)from[i];
}
