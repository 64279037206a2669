"""Standard normal quantiles to 40 digits, for NormalQuantileTests.

    pip install mpmath scipy
    python make_normal_quantiles.py > normal_quantiles.json

Newton's method on the distribution function of the smaller tail from scipy.special.ndtri's value,
for double-precision p; pairs [p, x].
"""

import json
import math

from mpmath import erfc, exp, mp, mpf, pi, sqrt
from scipy.special import ndtri

mp.dps = 40

TAILS = [2.0**-k for k in range(2, 55)] + [0.075, math.nextafter(0.075, 0), 0.0750001]
TAILS += [math.exp(-25), math.exp(-25) * 0.999, math.exp(-25) * 1.001, 3e-9, 1e-5, 0.02, 0.3, 0.49]
TAILS += [1e-100, 1e-300]


def quantile(p):
    x = mpf(float(ndtri(p)))
    # P(X > |x|) of the smaller tail: no digits are lost.
    tail = min(mpf(p), 1 - mpf(p))
    a = abs(x)
    for _ in range(4):
        a += (erfc(a / sqrt(2)) / 2 - tail) * sqrt(2 * pi) * exp(a * a / 2)
    return float(a) if p > 0.5 else -float(a)


values = set(TAILS) | {1 - p for p in TAILS if 1 - p < 1}
values |= {0.5 + s * 2.0**-k for k in (4, 10, 20, 33, 50) for s in (1, -1)}
values |= {(k + 0.5) / 64 for k in range(64)}
values -= {0.5}
pairs = [[p, quantile(p)] for p in sorted(values)]
print(json.dumps(pairs).replace("], [", "],\n["))
