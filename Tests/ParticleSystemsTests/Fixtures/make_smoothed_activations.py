"""E phi(z + tau T), E phi(z + tau T)^2 and E phi'(z + tau T)^2, for SmoothedActivationTests.

    pip install mpmath
    python make_smoothed_activations.py > smoothed_activations.json

Independent of every closed form: the definitions, integrated against the density of T by tanh-sinh
quadrature in 30 digits, split at the kink and where the integrand is narrow; the script stops where
the error estimated by mpmath exceeds 1e-17 of the result's scale. Under a Student law the variable is
sqrt(p / (p + 2)) t_(p + 2).
"""

import json
import sys

from mpmath import cos, erf, erfc, exp, gamma, inf, mp, mpf, pi, quad, sin, sqrt

mp.dps = 30

DEVIATIONS = [0.001, 0.25, 1.0, 3.0]
POINTS = [-25.0, -4.0, -1.5, -0.25, 0.0, 0.003, 0.5, 2.0, 6.0]
COORDINATES = [2, 3, 8, 100, 3000]


def density(coordinates):
    if coordinates is None:
        return lambda t: exp(-t * t / 2) / sqrt(2 * pi)
    p = mpf(coordinates)
    factor = gamma((p + 3) / 2) / gamma((p + 2) / 2) / sqrt(p * pi)
    return lambda t: factor * (1 + t * t / p) ** (-(p + 3) / 2)


def normal(z):
    return exp(-z * z / 2) / sqrt(2 * pi)


def distribution(z):
    return erfc(-z / sqrt(mpf(2))) / 2


def leaky(slope):
    slope = mpf(slope)
    return (lambda x: x if x >= 0 else slope * x, lambda x: mpf(1) if x >= 0 else slope)


ACTIVATIONS = {
    "relu": leaky(0.0),
    "leaky": leaky(0.1),
    "erf": (erf, lambda x: 2 / sqrt(pi) * exp(-x * x)),
    "gelu": (lambda x: x * distribution(x), lambda x: distribution(x) + x * normal(x)),
    "sin": (sin, cos),
}


def mean(f, law, z, tau, heavy):
    kink = -z / tau
    # Where T matters, and where the activation changes.
    cuts = {mpf(t) for t in (-12, -6, -3, -1, 0, 1, 3, 6, 12)}
    cuts |= {kink + s / tau for s in (-8, -3, -1, 0, 1, 3, 8)}
    if heavy:
        cuts = sorted(cuts | {mpf(s * t) for s in (-1, 1) for t in (50, 400)})
        cuts = [-inf] + cuts + [inf]
    else:
        # Beyond 16 the normal density is below 1e-56.
        cuts = sorted(t for t in cuts if abs(t) < 16)
        cuts = [mpf(-16)] + cuts + [mpf(16)]
    value, error = quad(lambda t: law(t) * f(z + tau * t), cuts, error=True)
    if error > mpf(10) ** -17 * (1 + z * z + tau * tau):
        sys.exit(f"{z} {tau}: error {error}")
    return float(value)


def entry(name, coordinates):
    phi, derivative = ACTIVATIONS[name]
    law = density(coordinates)
    rows = []
    for deviation in DEVIATIONS:
        for point in POINTS:
            z, tau = mpf(point), mpf(deviation)
            rows.append([point, deviation] + [
                mean(f, law, z, tau, coordinates is not None)
                for f in (phi, lambda x: phi(x) ** 2, lambda x: derivative(x) ** 2)
            ])
    return {"activation": name, "coordinates": coordinates, "rows": rows}


cases = [entry(name, None) for name in ACTIVATIONS]
cases += [entry("leaky", p) for p in COORDINATES]
lines = []
for case in cases:
    rows = ",\n".join("  " + json.dumps(row) for row in case.pop("rows"))
    lines.append(json.dumps(case)[:-1] + ', "rows": [\n' + rows + "\n]}")
print("[" + ",\n".join(lines) + "]")
