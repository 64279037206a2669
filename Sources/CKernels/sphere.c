#include "iw_sphere.h"
#include "iw_clones.h"
#include "unit_math.h"

// 2^64 times the golden section (sqrt(5) - 1) / 2: i times this, modulo 2^64, is the azimuth in
// turns with an error of i 2^-65, where a product of doubles would lose the bits before the point.
#define GOLDEN_TURN 0x9E3779B97F4A7C15ull

IW_CLONES void iw_circle_points(uint64_t first, size_t count, uint64_t total, double turn,
                                double *out) {
  const double n = (double)(int64_t)total;
  for (size_t k = 0; k < count; k++) {
    double cosine, sine;
    cos_sin_turn((double)(int64_t)(first + k) / n + turn, &cosine, &sine);
    out[2 * k] = cosine;
    out[2 * k + 1] = sine;
  }
}

IW_CLONES void iw_fibonacci_points(uint64_t first, size_t count, uint64_t total, uint64_t start,
                                   uint64_t stride, double offset, double turn, double *out) {
  const double n = (double)(int64_t)total;
  for (size_t k = 0; k < count; k++) {
    const uint64_t i = (start + (first + k) * stride) % total;
    // 1 - z and 1 + z apart: near a pole their product keeps the radius's digits.
    const double below = 2.0 * ((double)(int64_t)i + offset) / n;
    const double above = 2.0 * ((double)(int64_t)(total - i) - offset) / n;
    const double radius = __builtin_elementwise_sqrt(below * above);
    double cosine, sine;
    cos_sin_turn((double)(int64_t)((i * GOLDEN_TURN) >> 11) * 0x1p-53 + turn, &cosine, &sine);
    out[3 * k] = 0.5 * (above - below);
    out[3 * k + 1] = radius * cosine;
    out[3 * k + 2] = radius * sine;
  }
}
