"""Writes density.json beside this file: densities and bandwidths by scipy, KDEpy and plain numpy.

    python -m venv VENV && VENV/bin/pip install numpy scipy KDEpy
    VENV/bin/python make_density_fixtures.py

Made with numpy 2.4.6, scipy 1.17.1, KDEpy 1.1.12.
"""

import json
import pathlib

import numpy as np
from KDEpy import NaiveKDE
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import gaussian_kde

random = np.random.default_rng(20260101)


def rounded(x):
    """Numbers short enough to be read exactly the same by everybody."""
    return np.round(np.asarray(x, dtype=float), 6)


def scipy_case(points, weights, rule):
    kde = gaussian_kde(points, bw_method=rule, weights=weights)
    grid = [np.linspace(row.min() - 0.5, row.max() + 0.7, 9) for row in np.atleast_2d(points)]
    mesh = np.stack([axis.ravel() for axis in np.meshgrid(*grid, indexing="ij")])
    return {
        "rule": rule,
        "points": np.atleast_2d(points).T.ravel().tolist(),
        "dimensions": len(grid),
        "masses": weights.tolist(),
        "covariance": kde.covariance.ravel().tolist(),
        "effectiveSize": float(kde.neff),
        "lower": [float(axis[0]) for axis in grid],
        "upper": [float(axis[-1]) for axis in grid],
        "values": kde(mesh).tolist(),
    }


def kernel_case(kernel, name):
    points, weights = rounded(random.normal(size=40)), rounded(random.uniform(size=40))
    x = np.linspace(-3, 3, 61)
    values = NaiveKDE(kernel=name, bw=0.4).fit(points, weights=weights).evaluate(x)
    return {
        "kernel": kernel,
        "points": points.tolist(),
        "masses": weights.tolist(),
        "bandwidth": 0.4,
        "values": values.tolist(),
    }


def sheather_jones(points, weights, coefficients, interval):
    """Botev's kde.m: the root of fixed_point, from the cosine coefficients a_1, a_2, ..."""
    size = weights.sum() ** 2 / (weights**2).sum()
    squares = np.arange(1, len(coefficients) + 1, dtype=float) ** 2
    a2 = coefficients**2

    def norm(s, t):
        return 2 * np.pi ** (2 * s) * np.sum(squares**s * a2 * np.exp(-squares * np.pi**2 * t))

    def fixed_point(t):
        f = norm(7, t)
        for s in range(6, 1, -1):
            k0 = np.prod(np.arange(1, 2 * s, 2)) / np.sqrt(2 * np.pi)
            const = (1 + 0.5 ** (s + 0.5)) / 3
            f = norm(s, (2 * const * k0 / size / f) ** (2 / (3 + 2 * s)))
        return t - (2 * size * np.sqrt(np.pi) * f) ** (-0.4)

    upper = 1e-7
    while fixed_point(upper) < 0:
        upper *= 1.5
    return float(np.sqrt(brentq(fixed_point, upper / 1.5, upper, xtol=1e-18)) * interval)


def sheather_jones_case(name, points, weights=None):
    points = rounded(points)
    weights = np.ones(len(points)) if weights is None else rounded(weights)
    low, high = points.min(), points.max()
    left, interval = low - (high - low) / 2, 2 * (high - low)
    shares = weights / weights.sum()
    exact = np.array(
        [np.sum(shares * np.cos(np.pi * k * (points - left) / interval)) for k in range(1, 3001)]
    )
    # As kde.m does: counts on a mesh of 2^14 points, then a discrete cosine transform.
    mesh = 2**14
    cells = np.floor((points - left) / (interval / (mesh - 1))).astype(int)
    counts = np.bincount(cells, weights=shares, minlength=mesh)
    modes = np.arange(1, 3001)[:, None]
    occupied = np.flatnonzero(counts)
    binned = (np.cos(np.pi * modes * (2 * occupied + 1) / (2 * mesh)) * counts[occupied]).sum(1)
    return {
        "name": name,
        "points": points.tolist(),
        "masses": weights.tolist(),
        "exact": sheather_jones(points, weights, exact, interval),
        "binned": sheather_jones(points, weights, binned, interval),
    }


def cross_validation_case(points, weights):
    points, weights = rounded(points), rounded(weights)
    w = weights / weights.sum()
    square = (points[:, None] - points[None, :]) ** 2

    def kernel(variance):
        return np.exp(-square / (2 * variance)) / np.sqrt(2 * np.pi * variance)

    def left_out(h):
        matrix = kernel(h * h)
        np.fill_diagonal(matrix, 0)
        return matrix @ w / (1 - w)

    def least_squares(log_h):
        h = np.exp(log_h)
        return w @ kernel(2 * h * h) @ w - 2 * w @ left_out(h)

    def likelihood(log_h):
        return -w @ np.log(left_out(np.exp(log_h)))

    def best(objective):
        tried = np.log(np.ptp(points)) + np.linspace(np.log(0.005), np.log(0.25), 400)
        start = int(np.argmin([objective(t) for t in tried]))
        found = minimize_scalar(
            objective, bracket=(tried[start - 1], tried[start], tried[start + 1]), tol=1e-12
        )
        return float(np.exp(found.x))

    return {
        "points": points.tolist(),
        "masses": weights.tolist(),
        "leastSquares": best(least_squares),
        "likelihood": best(likelihood),
    }


def claw(count):
    """Marron and Wand's tenth density: N(0, 1) / 2 + sum over l = 0 ... 4 of N(l/2 - 1, 0.1^2) / 10."""
    part = random.integers(0, 10, size=count)
    fingers = random.normal(size=count) * 0.1 + part / 2 - 1
    return np.where(part < 5, fingers, random.normal(size=count))


mixing = np.array([[1, 0, 0], [0.7, 0.5, 0], [-0.3, 0.4, 2]])
fixtures = {
    "scipy": [
        scipy_case(
            rounded(mixing[:d, :d] @ random.normal(size=(d, 30))),
            rounded(random.uniform(size=30)),
            rule,
        )
        for d in (1, 2, 3)
        for rule in ("scott", "silverman")
    ],
    "kernels": [
        kernel_case("gaussian", "gaussian"),
        kernel_case("epanechnikov", "epa"),
        kernel_case("triangular", "tri"),
        kernel_case("biweight", "biweight"),
        kernel_case("box", "box"),
    ],
    "sheatherJones": [
        sheather_jones_case(
            "three modes, the example of kde.m",
            np.concatenate(
                [
                    random.normal(size=100),
                    random.normal(size=100) * 2 + 35,
                    random.normal(size=100) + 55,
                ]
            ),
        ),
        sheather_jones_case("claw", claw(1000)),
        sheather_jones_case("weighted", random.normal(size=300), random.uniform(size=300)),
        sheather_jones_case("log-normal", np.exp(random.normal(size=400))),
    ],
    "crossValidation": [
        cross_validation_case(random.normal(size=80), random.uniform(0.2, 1, size=80)),
        cross_validation_case(
            np.concatenate([random.normal(size=60), random.normal(size=60) * 0.3 + 4]), np.ones(120)
        ),
    ],
}
path = pathlib.Path(__file__).with_name("density.json")
path.write_text(json.dumps(fixtures, separators=(",", ":")) + "\n")
