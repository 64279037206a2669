#!/usr/bin/env python3
"""Prints Sources/CKernels/dual_coefficients.h: the polynomials of the vectorized angles of kernels.

    Scripts/make_dual_coefficients.py > Sources/CKernels/dual_coefficients.h

Needs mpmath (pip install mpmath).

For |z| <= tan(pi/8), atan z = z + z^3 P(z^2): a least-squares fit of z^2 P at Chebyshev nodes, of which
the largest error, relative to atan z / z, on a finer grid is printed with the coefficients.
For 0 <= t <= pi/2, sin t - t cos t = t^3 S(t^2) by its Taylor series, whose terms
(-1)^(k+1) t^(2k+1) 2k / (2k+1)! are all smaller than the one before.
"""

from mpmath import atan, cos, factorial, lu_solve, matrix, mp, mpf, nstr, pi, sin, sqrt, tan

mp.dps = 60
LAST = tan(pi / 8) ** 2


def nodes(count, low, high):
    return [(low + high) / 2 - (high - low) / 2 * cos(pi * (k + 0.5) / count) for k in range(count)]


def ratio_less_one(square):
    root = sqrt(square)
    return atan(root) / root - 1


def fit(terms):
    points = nodes(6 * terms, mpf(0), LAST)
    # lu_solve of an overdetermined system is least squares.
    system = matrix(len(points), terms)
    values = matrix(len(points), 1)
    for i, point in enumerate(points):
        for j in range(terms):
            system[i, j] = point ** (j + 1)
        values[i] = ratio_less_one(point)
    solution = lu_solve(system, values)
    coefficients = [solution[j] for j in range(terms)]

    def value(point):
        return sum(c * point ** (j + 1) for j, c in enumerate(coefficients))

    error = max(abs(value(x) - ratio_less_one(x)) for x in nodes(1000, mpf(0), LAST))
    return coefficients, error


def series(terms):
    coefficients = [(-1) ** (k + 1) * 2 * k / factorial(2 * k + 1) for k in range(1, terms + 1)]

    def error(t):
        exact = (sin(t) - t * cos(t)) / t**3
        return abs(sum(c * t ** (2 * j) for j, c in enumerate(coefficients)) / exact - 1)

    return coefficients, max(error(t) for t in nodes(1000, mpf(0), pi / 2))


def macro(name, precision, digits, suffix, fitted):
    coefficients, error = fitted
    print(f"// Largest relative error {nstr(error, 2)}.")
    print(f"#define {name}_{precision} \\")
    print("  { \\")
    for c in coefficients:
        print(f"    {nstr(c, digits, min_fixed=1, max_fixed=0)}{suffix}, \\")
    print("  }")


def main():
    print("// Written by Scripts/make_dual_coefficients.py, which says what the polynomials are.")
    print("// Coefficients of rising powers.")
    for precision, digits, suffix, angle_terms, series_terms in (
        ("f64", 20, "", 10, 12),
        ("f32", 12, "f", 4, 7),
    ):
        print()
        macro("ANGLE", precision, digits, suffix, fit(angle_terms))
        macro("SECTOR", precision, digits, suffix, series(series_terms))


main()
