"""Writes distances.json beside this file: distances of weighted samples and divergences of Beta laws.

    python -m venv VENV && VENV/bin/pip install numpy scipy mpmath
    VENV/bin/python make_distances.py

Distances by scipy.stats (wasserstein_distance, energy_distance, ks_2samp); Wasserstein-2, which scipy
does not have, by the linear program of optimal transport; Beta divergences by a closed form with 60 digits, checked by quadrature.
Made with numpy 2.4.6, scipy 1.17.1, mpmath 1.3.0.
"""

import json
import pathlib

import mpmath
import numpy as np
from scipy import stats
from scipy.optimize import linprog
from scipy.spatial.distance import cdist

random = np.random.default_rng(20260202)
mpmath.mp.dps = 60


def rounded(x, digits=6):
    return np.round(np.asarray(x, dtype=float), digits)


def wasserstein2(x, y, u, v):
    m, n = len(x), len(y)
    cost = (x[:, None] - y[None, :]) ** 2
    rows = np.kron(np.eye(m), np.ones(n))
    columns = np.kron(np.ones(m), np.eye(n))
    plan = linprog(
        cost.ravel(), A_eq=np.vstack([rows, columns]), b_eq=np.concatenate([u / u.sum(), v / v.sum()])
    )
    assert plan.status == 0
    return float(np.sqrt(plan.fun))


def line(name, x, y, u=None, v=None):
    case = {
        "name": name,
        "first": x.tolist(),
        "second": y.tolist(),
        "first_masses": None if u is None else u.tolist(),
        "second_masses": None if v is None else v.tolist(),
        "wasserstein1": float(stats.wasserstein_distance(x, y, u, v)),
        "energy": float(stats.energy_distance(x, y, u, v)),
        "kolmogorov_smirnov": None,
    }
    if u is None and v is None:
        case["kolmogorov_smirnov"] = float(stats.ks_2samp(x, y).statistic)
    elif np.all(u == np.round(u)) and np.all(v == np.round(v)):
        # Whole masses are repetitions.
        repeated = [np.repeat(p, w.astype(int)) for p, w in ((x, u), (y, v))]
        case["kolmogorov_smirnov"] = float(stats.ks_2samp(*repeated).statistic)
    u = np.ones(len(x)) if u is None else u
    v = np.ones(len(y)) if v is None else v
    case["wasserstein2"] = wasserstein2(x, y, u, v)
    return case


def cloud(dimensions):
    x = rounded(random.normal(size=(23, dimensions)))
    y = rounded(random.normal(size=(17, dimensions)) * 1.3 + 0.2)
    u, v = rounded(random.uniform(0.1, 1, size=23)), rounded(random.uniform(0.1, 1, size=17))
    p, q = u / u.sum(), v / v.sum()
    return {
        "dimensions": dimensions,
        "first": x.ravel().tolist(),
        "second": y.ravel().tolist(),
        "first_masses": u.tolist(),
        "second_masses": v.tolist(),
        "between": float(p @ cdist(x, y) @ q),
        "within_first": float(p @ cdist(x, x) @ p),
        "within_second": float(q @ cdist(y, y) @ q),
    }


def beta(a, b, a1, b1):
    """The integral of p log(p/q) by quadrature, checked against the closed form in 60 digits."""
    a, b, a1, b1 = map(mpmath.mpf, (a, b, a1, b1))
    log_p = lambda x: (a - 1) * mpmath.log(x) + (b - 1) * mpmath.log(1 - x) - log_beta(a, b)
    log_q = lambda x: (a1 - 1) * mpmath.log(x) + (b1 - 1) * mpmath.log(1 - x) - log_beta(a1, b1)
    log_beta = lambda a, b: mpmath.loggamma(a) + mpmath.loggamma(b) - mpmath.loggamma(a + b)
    closed = (
        log_beta(a1, b1)
        - log_beta(a, b)
        + (a - a1) * mpmath.digamma(a)
        + (b - b1) * mpmath.digamma(b)
        - (a + b - a1 - b1) * mpmath.digamma(a + b)
    )
    if a + b < 1000 and min(a, b) > 0.4:
        integrand = lambda x: mpmath.exp(log_p(x)) * (log_p(x) - log_q(x))
        quadrature = mpmath.quad(integrand, [0, 0.01, 0.1, 0.5, 0.9, 0.99, 1])
        assert abs(quadrature - closed) < 1e-6 * (1 + abs(closed)), (quadrature, closed)
    return {"a": float(a), "b": float(b), "a1": float(a1), "b1": float(b1), "divergence": float(closed)}


def normal(n):
    return rounded(random.normal(size=n))


fixtures = {
    "lines": [
        line("equal counts", normal(20), normal(20) + 0.5),
        line("different counts", normal(31), normal(12) * 2),
        line("ties", np.round(normal(30), 1), np.round(normal(25), 1)),
        line("weights", normal(24), normal(19) + 1, rounded(random.uniform(size=24)),
             rounded(random.uniform(size=19) ** 4)),
        line("whole masses", np.round(normal(15), 1), normal(10),
             random.integers(1, 5, size=15).astype(float), random.integers(1, 9, size=10).astype(float)),
        line("one point", normal(1), normal(9)),
        line("apart", normal(8), normal(8) + 100),
    ],
    "clouds": [cloud(d) for d in (1, 2, 5, 40)],
    "beta": [
        beta(2, 3, 3, 2),
        beta(0.5, 0.7, 1.5, 0.2),
        beta(1e-3, 2, 0.4, 7),
        beta(40, 60, 42, 58),
        beta(1e4, 3, 1.1e4, 3.5),
        beta(1e8, 2e8, 1.0001e8, 2.0001e8),
        beta(1e12, 3e12, 1.000001e12, 3e12),
        beta(5, 1e9, 5.5, 1.2e9),
    ],
}
path = pathlib.Path(__file__)
path.with_name("distances.json").write_text(json.dumps(fixtures, separators=(",", ":")) + "\n")
