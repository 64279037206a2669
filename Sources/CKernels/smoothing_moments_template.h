// E phi(x)^2 and E phi'(x)^2 for x = z + tau T; see iw_smoothing.h. Part of smoothing_template.h.

// Gauss-Legendre nodes and weights on (0, 1), twelve: leave less than 1e-16 of Owen's integral, all h
// and a in [0, 1].
#define OWEN_NODES 12
static const REAL owen_node[OWEN_NODES] = {
    0.0092196828766403746547, 0.047941371814762571661, 0.11504866290284765648,
    0.20634102285669127635,   0.31608425050090990312,  0.43738329574426554226,
    0.56261670425573445774,   0.68391574949909009688,  0.79365897714330872365,
    0.88495133709715234352,   0.95205862818523742834,  0.99078031712335962535,
};
static const REAL owen_weight[OWEN_NODES] = {
    0.023587668193255913597, 0.05346966299765921548, 0.080039164271673113167,
    0.10158371336153296087,  0.11674626826917740438, 0.1245735229067013925,
    0.1245735229067013925,   0.11674626826917740438, 0.10158371336153296087,
    0.080039164271673113167, 0.05346966299765921548, 0.023587668193255913597,
};

// The constants of one column. Owen (1956), "Tables for computing bivariate normal probabilities":
// T(h, a) = 1 / (2 pi) int_0^a exp(-h^2 (1 + x^2) / 2) / (1 + x^2) dx, of which
// root[k] = sqrt(1 + x_k^2) and weight[k] hold what does not depend on h.
typedef struct {
  REAL tau, square, q, r, damping;
  REAL root[OWEN_NODES], weight[OWEN_NODES];
} smoothing_column;

typedef struct {
  REAL value, derivative;
} smoothed_squares;

// T(sqrt2 g, a)
VECTORIZED REAL owen(const smoothing_column *c, REAL g) {
  // Terms apart from their sum, whose order is fixed: the loop of exponentials is then vectorized.
  REAL terms[OWEN_NODES];
  for (int k = 0; k < OWEN_NODES; k++) terms[k] = c->weight[k] * exp_minus_square(g * c->root[k]);
  REAL sum = 0;
  for (int k = 0; k < OWEN_NODES; k++) sum += terms[k];
  return sum;
}

VECTORIZED void set_owen(smoothing_column *c, REAL a) {
  for (int k = 0; k < OWEN_NODES; k++) {
    const REAL x = a * owen_node[k];
    c->root[k] = square_root(1 + x * x);
    // 1 / (2 pi)
    c->weight[k] = (REAL)0.159154943091895336 * a * owen_weight[k] / (1 + x * x);
  }
}

static void set_column(iw_activation kind, REAL tau, smoothing_column *c) {
  c->tau = tau;
  c->square = tau * tau;
  switch (kind) {
    case IW_ERF:
      c->q = 1 / (1 + 2 * c->square);
      c->r = 1 / (1 + 4 * c->square);
      set_owen(c, square_root(c->r));
      break;
    case IW_GELU:
      c->q = 1 / (1 + c->square);
      c->r = 1 / (1 + 2 * c->square);
      set_owen(c, square_root(c->r));
      break;
    case IW_SIN: c->damping = exp_minus_square(tau * (REAL)1.41421356237309505); break;
    case IW_PIECEWISE_LINEAR: break;
    case IW_TANH:
    case IW_SOFTPLUS: __builtin_trap();
  }
}

// With Q(v) = P(T > v) and J(v) = E max(T - v, 0)^2: for z < 0 P(x >= 0) = Q and
// E max(x, 0)^2 = tau^2 J at v = |z| / tau; for z >= 0 these are P(x < 0) and E min(x, 0)^2, and
// E x^2 = z^2 + tau^2. phi^2 = slope^2 x^2 + (1 - slope^2) max(x, 0)^2, and so phi'^2.
VECTORIZED smoothed_squares kink_squares(REAL slope, const REAL *kinks, const smoothing_column *c,
                                         REAL z) {
  const REAL w = kink_variable(z, c->tau);
  const REAL tail = kink_value(kinks, w);
  const REAL tail_square = c->square * kink_value(kinks + IW_KINK_ROWS * KINK_TERMS, w);
  const REAL square = z * z + c->square;
  const REAL above = select(z >= 0, 1 - tail, tail);
  const REAL above_square = select(z >= 0, square - tail_square, tail_square);
  const REAL s = slope * slope;
  return (smoothed_squares){s * square + (1 - s) * above_square, s + (1 - s) * above};
}

// For normal N, N' apart from T, h = z / sqrt(1 + tau^2) and rho = tau^2 / (1 + tau^2):
// E Phi(x)^2 = P(N <= x, N' <= x), the bivariate normal distribution of correlation rho at (h, h),
// which is Phi(h) - 2 T(h, sqrt((1 - rho) / (1 + rho))) (Owen 1956). With erf x = 2 Phi(sqrt2 x) - 1
// and sqrt2 (z, tau) for (z, tau): E erf^2 = 1 - 8 T. And E exp(-s x^2) = exp(-s z^2 / b) / sqrt(b),
// b = 1 + 2 s tau^2, with s = 2 gives E erf'^2 = 4 / pi E exp(-2 x^2).
VECTORIZED smoothed_squares erf_squares(const smoothing_column *c, REAL z) {
  const REAL root = square_root(c->r);
  return (smoothed_squares){
      1 - 8 * owen(c, z * square_root(c->q)),
      // 4 / pi and sqrt2
      (REAL)1.27323954473516269 * root * exp_minus_square((REAL)1.41421356237309505 * root * z)};
}

// Stein's identity twice: E x^2 g(x) = (z^2 + tau^2) E g + 2 z tau^2 E g' + tau^4 E g'', here with
// g = Phi^2, g' = 2 Phi n, g'' = 2 n^2 - 2 x Phi n. Densities multiply: under the weight n(x) the law
// of x is normal of mean z q and variance tau^2 q, q = 1 / (1 + tau^2), and of total mass
// sqrt(q) n(z sqrt(q)); under n(x)^2 of mean z r and variance tau^2 r, r = 1 / (1 + 2 tau^2), and of
// mass sqrt(r) exp(-z^2 r) / (2 pi). The moments of Phi and x Phi under the former are those of
// iw_smooth's gelu. gelu' = Phi + x n.
VECTORIZED smoothed_squares gelu_squares(const smoothing_column *c, REAL z) {
  const REAL q = c->q, r = c->r, t = c->square;
  const REAL root_q = square_root(q), root_r = square_root(r), h = z * root_q;
  const REAL distribution_square = normal_distribution(h) - 2 * owen(c, h * SQRT_HALF);
  const REAL mass = root_q * normal_density(h);
  // z q / sqrt(1 + tau^2 q), as 1 + tau^2 q = q / r
  const REAL k = h * root_r;
  const REAL distribution = normal_distribution(k);
  const REAL product = mass * distribution;
  const REAL x_product =
      mass * (z * q * distribution + t * q * (root_r / root_q) * normal_density(k));
  // 1 / (2 pi)
  const REAL density_square = (REAL)0.159154943091895336 * root_r * exp_minus_square(z * root_r);
  const REAL x_density_square = density_square * (z * z * r * r + t * r);
  return (smoothed_squares){
      (z * z + t) * distribution_square + 4 * z * t * product +
          2 * t * t * (density_square - x_product),
      distribution_square + 2 * x_product + x_density_square};
}

// sin^2 = (1 - cos 2x) / 2 and E cos 2x = exp(-2 tau^2) cos 2z.
static inline smoothed_squares sin_squares(const smoothing_column *c, REAL z) {
  const REAL s = SIN(z), k = COS(z), rest = (1 - c->damping) / 2;
  return (smoothed_squares){c->damping * s * s + rest, c->damping * k * k + rest};
}

VECTORIZED void smooth_tangent_sums(iw_activation kind, REAL slope, const REAL *kinks,
                                    const smoothing_column *column, const REAL *z, size_t rows,
                                    size_t stride, const REAL *a, const REAL *mass,
                                    REAL *value_sum, REAL *derivative_sum) {
  for (size_t r = 0; r < rows; r++) {
    const REAL x = z[r * stride];
    smoothed_squares m;
    switch (kind) {
      case IW_PIECEWISE_LINEAR: m = kink_squares(slope, kinks, column, x); break;
      case IW_ERF: m = erf_squares(column, x); break;
      case IW_GELU: m = gelu_squares(column, x); break;
      case IW_SIN: m = sin_squares(column, x); break;
      case IW_TANH:
      case IW_SOFTPLUS: __builtin_trap();
    }
    *value_sum += mass[r] * m.value;
    *derivative_sum += mass[r] * a[r] * a[r] * m.derivative;
  }
}

// Column after column: few columns, of constants that cost as much as some elements.
IW_CLONES void NAME(iw_smooth_tangent_sums)(iw_activation kind, REAL slope, const REAL *kinks,
                                            const REAL *z, size_t rows, size_t points,
                                            size_t stride, const REAL *deviation, const REAL *a,
                                            const REAL *mass, REAL *value_sums,
                                            REAL *derivative_sums) {
  for (size_t i = 0; i < points; i++) {
    smoothing_column column;
    set_column(kind, deviation[i], &column);
    smooth_tangent_sums(kind, slope, kinks, &column, z + i, rows, stride, a, mass, value_sums + i,
                        derivative_sums + i);
  }
}
