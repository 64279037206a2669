#include "iw_normal_quantile.h"
#include "iw_clones.h"
#include "unit_math.h"

// Values that are worked on side by side.
#define LANES 16

// The rational functions of PPND16, coefficients of rising powers: numerators (a, c, e) and
// denominators (b, d, f) in Wichura's letters. With q = p - 1/2 and r = sqrt(-log min(p, 1 - p)),
// centre: q a(s) / b(s), s = 0.425^2 - q^2, where |q| <= 0.425; tail: +- c(r - 1.6) / d(r - 1.6)
// where r <= 5; far tail: +- e(r - 5) / f(r - 5) beyond.
static const double centre_above[] = {
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
    1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
    3.3430575583588128105e4, 2.5090809287301226727e3,
};
static const double centre_below[] = {
    1.0,
    4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
    5.2264952788528545610e3,
};
static const double tail_above[] = {
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
    3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
    2.27238449892691845833e-2, 7.74545014278341407640e-4,
};
static const double tail_below[] = {
    1.0,
    2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
    1.05075007164441684324e-9,
};
static const double far_above[] = {
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
    2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
    2.71155556874348757815e-5, 2.01033439929228813265e-7,
};
static const double far_below[] = {
    1.0,
    5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15,
};

#define VECTORIZED static inline __attribute__((always_inline))

VECTORIZED double select(uint64_t mask, double yes, double no) {
  return from_bits((to_bits(yes) & mask) | (to_bits(no) & ~mask));
}

// yes[0] + yes[1] x + ... where the mask is set, of `no` where not: selecting the coefficients costs
// less than a second polynomial.
VECTORIZED double polynomial(uint64_t mask, const double yes[8], const double no[8], double x) {
  double sum = select(mask, yes[7], no[7]);
  for (int i = 6; i >= 0; i--) sum = sum * x + select(mask, yes[i], no[i]);
  return sum;
}

// min(p, 1 - p); 1 - p is exact for p >= 1/2.
VECTORIZED double tail_probability(double p) {
  const double above = 1.0 - p;
  return p < above ? p : above;
}

VECTORIZED double tail_root(double p) {
  return __builtin_elementwise_sqrt(-log_unit(tail_probability(p)));
}

VECTORIZED double quantile(double p, int far) {
  const double q = p - 0.5;
  const double s = 0.180625 - q * q;
  const uint64_t central = 0 - (uint64_t)(s >= 0.0);
  const double x = select(central, s, tail_root(p) - (far ? 5.0 : 1.6));
  const double above = polynomial(central, centre_above, far ? far_above : tail_above, x);
  const double below = polynomial(central, centre_below, far ? far_below : tail_below, x);
  const double ratio = select(central, q, 1.0) * above / below;
  return from_bits((to_bits(ratio) & ~(1ull << 63)) | (to_bits(q) & (1ull << 63)));
}

VECTORIZED void quantiles(size_t count, double *values) {
  double p[LANES];
  double nearest = 0.5;
  for (size_t l = 0; l < count; l++) {
    p[l] = values[l];
    const double distance = tail_probability(p[l]);
    nearest = distance < nearest ? distance : nearest;
  }
  for (size_t l = 0; l < count; l++) values[l] = quantile(p[l], 0);
  // Three numbers in 10^11 lie in the far tails, none of 32-bit points: not worth a polynomial of
  // every lane.
  if (nearest > 0x1p-36) return;
  for (size_t l = 0; l < count; l++) {
    if (tail_root(p[l]) > 5.0) values[l] = quantile(p[l], 1);
  }
}

IW_CLONES void iw_normal_quantiles(size_t count, double *values) {
  size_t first = 0;
  for (; first + LANES <= count; first += LANES) quantiles(LANES, values + first);
  quantiles(count - first, values + first);
}
