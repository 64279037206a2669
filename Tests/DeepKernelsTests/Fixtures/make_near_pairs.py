"""Kernels of deep networks at pairs of points that are close, opposite, equal or zero, for NearPairsTests.

    pip install mpmath
    python make_near_pairs.py > near_pairs.json

The recursion of Sohl-Dickstein et al. 2020, arXiv 2001.07301, with 120 digits and the formulas of the
literature as they stand (Cho and Saul 2009; Williams 1997; Tsuchida et al. 2021), on inputs that are
exactly the double-precision numbers of the file: cancellation costs digits that are there.
Standard parameterization with base widths 3, 5, 4 and the tangent kernel of biases, W_std = 1.25.
"""

import json
import random
import sys

from mpmath import acos, asin, atan, cosh, exp, mp, mpf, pi, sin, sinh, sqrt

mp.dps = 120

WIDTHS, W_STD, SLOPE = [3, 5, 4], mpf(1.25), mpf(0.1)


def piecewise(a):
    def dual(p, q, c):
        if p == 0 or q == 0:
            return mpf(0), mpf(1) if p == 0 and q == 0 else (1 + a) / 2
        cosine = max(mpf(-1), min(mpf(1), c / sqrt(p * q)))
        t = acos(cosine)
        derivative = (1 + a * a) / 2 - (1 - a) ** 2 / (2 * pi) * t
        return (1 - a) ** 2 / (2 * pi) * sqrt(p * q) * sin(t) + c * derivative, derivative

    return dual


def erf(p, q, c):
    value = 2 / pi * asin(2 * c / sqrt((1 + 2 * p) * (1 + 2 * q)))
    return value, 4 / pi / sqrt((1 + 2 * p) * (1 + 2 * q) - 4 * c * c)


def gelu(p, q, c):
    delta = sqrt((1 + p) * (1 + q) - c * c)
    orthant = mpf(1) / 4 + atan(c / delta) / (2 * pi)
    density = 1 / (2 * pi * delta)
    value = c * orthant + density * (p * q * delta**2 + c * c) / ((1 + p) * (1 + q))
    return value, orthant + c * density * (1 / (1 + p) + 1 / (1 + q) + 1 / delta**2)


def sine(p, q, c):
    return exp(-(p + q) / 2) * sinh(c), exp(-(p + q) / 2) * cosh(c)


DUALS = {
    "linear": piecewise(mpf(1)),
    "relu": piecewise(mpf(0)),
    "leaky_relu": piecewise(SLOPE),
    "absolute": piecewise(mpf(-1)),
    "erf": erf,
    "gelu": gelu,
    "sin": sine,
}


def kernels(dual, x, y, depth, b_std):
    dimension = len(x)
    products = [sum(mpf(u) * mpf(v) for u, v in zip(*pair)) for pair in ((x, x), (y, y), (x, y))]
    inner = [product / dimension for product in products]
    width, theta = mpf(dimension), mpf(0)
    for layer in range(depth + 1):
        theta = width * inner[2] + W_STD**2 * theta + (1 if b_std is not None else 0)
        p, q, c = (W_STD**2 * k + (b_std or 0) ** 2 for k in inner)
        if layer < depth:
            value, derivative = dual(p, q, c)
            inner = [dual(p, p, p)[0], dual(q, q, q)[0], value]
            theta *= derivative
            width = WIDTHS[layer]
    return c, theta


random.seed(2001)
base = [random.gauss(0, 1) for _ in range(5)]
other = [random.gauss(0, 1) for _ in range(5)]
pairs = []
for sign in (1.0, -1.0):
    for length in (1.0, 2.5):
        for step in (0.0, 1e-3, 1e-6, 1e-9, 1e-12, 1e-15):
            pairs.append((base, [sign * length * (b + step * o) for b, o in zip(base, other)]))
zero = [0.0] * 5
pairs += [(zero, base), (zero, zero), (base, [1e-6 * o for o in other])]
pairs += [([100 * b for b in base], [100 * (b + 1e-9 * o) for b, o in zip(base, other)])]

cases = []
for name, dual in DUALS.items():
    for depth in (1, 3):
        for b_std in (None, mpf(0.5)):
            values = [kernels(dual, x, y, depth, b_std) for x, y in pairs]
            cases.append(
                {
                    "activation": name,
                    "depth": depth,
                    "bias": b_std is not None,
                    "nngp": [float(v[0]) for v in values],
                    "ntk": [float(v[1]) for v in values],
                }
            )

head = {
    "weight_std": float(W_STD),
    "bias_std": 0.5,
    "slope": float(SLOPE),
    "widths": WIDTHS,
    "first": [p[0] for p in pairs],
    "second": [p[1] for p in pairs],
}
body = ",\n".join(json.dumps(case) for case in cases)
sys.stdout.write(json.dumps(head)[:-1] + ', "cases": [\n' + body + "\n]}\n")
