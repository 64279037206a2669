"""Cosines and sines of the angles below which laws proportional to sin^m on (0, pi) have the share u, for SphereMapTests.

    pip install mpmath scipy
    python make_sine_power_quantiles.py > sine_power_quantiles.json

Newton's method on the regularized incomplete beta function of sin^2 to 60 digits, from scipy.special.betaincinv's value;
rows [m, u, cos, sin].
"""

import json

from mpmath import betainc, beta, mp, mpf, sqrt
from scipy.special import betaincinv

mp.dps = 60

SHARES = [2.0**-k for k in range(2, 54, 3)] + [1e-9, 0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.45, 0.49, 0.4999, 0.499999999]
SHARES += [0.5, 0.5000001, 0.6, 0.9, 0.999, 1 - 2.0**-30]


def row(m, u):
    a, b = mpf(m + 1) / 2, mpf(1) / 2
    # The share of the tail is half of the beta law's distribution function at sin^2.
    tail = 2 * min(mpf(u), 1 - mpf(u))
    x = mpf(float(betaincinv(float(a), 0.5, float(tail))))
    for _ in range(6):
        if x >= 1:
            x = mpf(1) - mpf(10) ** -18
        density = x ** (a - 1) * (1 - x) ** (b - 1) / beta(a, b)
        # In y = sqrt(1 - x), where the density is finite at x = 1.
        y = sqrt(1 - x)
        value = betainc(a, b, 0, x, regularized=True)
        y += (value - tail) / (density * 2 * y)
        x = 1 - y * y
    residual = betainc(a, b, 0, x, regularized=True) - tail
    assert abs(residual) < mpf(10) ** -40 * max(tail, mpf(10) ** -10), (m, u, residual)
    cosine = sqrt(1 - x)
    return [m, u, float(cosine if u < 0.5 else -cosine), float(sqrt(x))]


rows = [row(m, u) for m in [1, 2, 3, 4, 5, 10, 21, 55, 255] for u in SHARES if u != 0.5]
print("[\n" + ",\n".join(json.dumps(r) for r in rows) + "\n]")
