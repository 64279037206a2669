// Combinations of slopes, for both precisions; see iw_flow.h. Included by flow_f32.c and flow_f64.c
// with REAL and NAME defined.
#include "iw_clones.h"
#include "iw_flow.h"

// Numbers combined at a time: their sums stay in the first-level cache while the slopes stream by.
#define TILE 512
#define SQUARE_LANES 16

static inline __attribute__((always_inline)) void combine_tile(REAL *restrict sum,
                                                               const REAL *const *slopes,
                                                               const REAL *weights, size_t terms,
                                                               size_t first, size_t count) {
  for (size_t i = 0; i < count; i++) sum[i] = 0;
  for (size_t j = 0; j < terms; j++) {
    const REAL weight = weights[j];
    const REAL *restrict slope = slopes[j] + first;
    for (size_t i = 0; i < count; i++) sum[i] += weight * slope[i];
  }
}

IW_CLONES void NAME(iw_combine)(REAL *to, const REAL *from, const REAL *const *slopes,
                                const REAL *weights, size_t terms, size_t count) {
  REAL sum[TILE];
  for (size_t first = 0; first < count; first += TILE) {
    const size_t length = count - first < TILE ? count - first : TILE;
    combine_tile(sum, slopes, weights, terms, first, length);
    for (size_t i = 0; i < length; i++) to[first + i] = from[first + i] + sum[i];
  }
}

IW_CLONES double NAME(iw_combined_squares)(const REAL *const *slopes, const REAL *weights,
                                           size_t terms, size_t count) {
  REAL sum[TILE];
  double lanes[SQUARE_LANES] = {0};
  for (size_t first = 0; first < count; first += TILE) {
    const size_t length = count - first < TILE ? count - first : TILE;
    combine_tile(sum, slopes, weights, terms, first, length);
    // The rest of the last tile counts as zeros, which change no sum.
    for (size_t i = length; i < TILE; i++) sum[i] = 0;
    for (size_t i = 0; i < TILE; i += SQUARE_LANES) {
      for (size_t lane = 0; lane < SQUARE_LANES; lane++) {
        const double value = sum[i + lane];
        lanes[lane] += value * value;
      }
    }
  }
  double total = 0;
  for (size_t lane = 0; lane < SQUARE_LANES; lane++) total += lanes[lane];
  return total;
}
