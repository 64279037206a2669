"""E[phi(u) phi(v)] and E[phi'(u) phi'(v)] by adaptive quadrature, for DualActivationTests.

    pip install scipy
    python make_dual_values.py > dual_values.json

Independent of every closed form: two nested adaptive Gauss-Kronrod integrals (QUADPACK) over
u = sqrt(q11) x, v = (q12 x + r y) / sqrt(q11), split where the activation has a kink; a single one
where the pair is degenerate.
"""

import json
import math
import sys

from scipy.integrate import quad
from scipy.special import erf

REACH = 9.0
PAIRS = [
    (1, 0.3, 2),
    (1, -0.9, 1),
    (0.5, 0.7, 1),
    (3, 0, 0.2),
    (1e-4, 5e-4, 4e-2),
    (12, -7, 9),
    (1, 1, 1),
    (4, -2, 1),
]


def cdf(z):
    return 0.5 * math.erfc(-z / math.sqrt(2))


def pdf(z):
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def leaky(slope):
    return (lambda z: z if z >= 0 else slope * z, lambda z: 1.0 if z >= 0 else slope)


ACTIVATIONS = {
    "linear": leaky(1.0),
    "relu": leaky(0.0),
    "leaky_relu": leaky(0.1),
    "erf": (lambda z: float(erf(z)), lambda z: 2 / math.sqrt(math.pi) * math.exp(-z * z)),
    "tanh": (math.tanh, lambda z: 1 / math.cosh(z) ** 2),
    "gelu": (lambda z: z * cdf(z), lambda z: cdf(z) + z * pdf(z)),
    "sin": (math.sin, math.cos),
    "softplus": (
        lambda z: max(z, 0.0) + math.log1p(math.exp(-abs(z))),
        lambda z: 1 / (1 + math.exp(-z)) if z > -700 else 0.0,
    ),
}


def integral(f, kink):
    points = sorted({p for p in (-4.0, -1.5, kink, 1.5, 4.0) if abs(p) < REACH})
    edges = [-REACH, *points, REACH]
    return math.fsum(
        quad(f, a, b, epsabs=1e-15, epsrel=1e-13, limit=200)[0]
        for a, b in zip(edges, edges[1:])
    )


def expectation(f, q11, q12, q22):
    s = math.sqrt(q11)
    along = q12 / s
    across = math.sqrt(max(q11 * q22 - q12 * q12, 0)) / s
    if across == 0:
        return integral(lambda x: pdf(x) * f(s * x) * f(along * x), 0.0)

    def outer(x):
        inner = integral(lambda y: pdf(y) * f(along * x + across * y), -along * x / across)
        return pdf(x) * f(s * x) * inner

    return integral(outer, 0.0)


records = [
    {
        "activation": name,
        "q11": q11,
        "q12": q12,
        "q22": q22,
        "value": expectation(phi, q11, q12, q22),
        "derivative": expectation(derivative, q11, q12, q22),
    }
    for name, (phi, derivative) in ACTIVATIONS.items()
    for q11, q12, q22 in PAIRS
]
json.dump(records, sys.stdout, indent=1)
print()
