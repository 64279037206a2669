#!/usr/bin/env python3
"""Prints tanh, erf and their derivatives, correctly rounded by mpmath, for tests.

    Scripts/make_activation_fixture.py > Tests/ParticleSystemsTests/ActivationFixture.swift

Needs mpmath (pip install mpmath). Hexadecimal literals, so that no number is rounded on the way.
"""

from mpmath import erf, exp, mp, mpf, pi, sech, sqrt, tanh

mp.dps = 400

# Around the breaks of the compiled polynomials (1 for erf, odd multiples of log(2) / 4 for tanh),
# around saturation and between. No subnormal numbers: the Swift compiler warns of such literals.
POINTS = [
    1e-300, 1e-20, 1e-8, 0.001, 0.1, 0.17, 0.173286, 0.1734, 0.3, 0.4, 0.5199,
    0.52, 0.7, 0.866, 0.999, 0.9999999999999999, 1.0, 1.0000000000000002, 1.001, 1.3, 1.7, 2.0,
    2.5, 3.0, 3.7, 4.5, 5.2, 5.8, 5.86, 5.93, 6.5, 8.0, 10.0, 15.0, 18.0, 18.9, 19.1, 19.9, 20.1,
    25.0, 26.5, 30.0, 1e10,
]  # fmt: skip


def table(name, description, first, second):
    print()
    print(f"/// {description}, each the double nearest to the exact number.")
    print(f"let {name}: [(Double, Double, Double)] = [")
    for point in POINTS:
        row = [mpf(point), first(mpf(point)), second(mpf(point))]
        print("  (" + ", ".join(float(value).hex() for value in row) + "),")
    print("]")


def main():
    print("// Written by Scripts/make_activation_fixture.py.")
    table("activationValues", "(x, tanh x, erf x)", tanh, erf)
    table(
        "activationDerivatives",
        "(x, tanh' x, erf' x)",
        lambda x: sech(x) ** 2,
        lambda x: 2 / sqrt(pi) * exp(-x * x),
    )


main()
