#!/usr/bin/env python3
"""Prints Sources/CKernels/dual_coefficients.h: the polynomials of the vectorized angles of kernels.

    Scripts/make_dual_coefficients.py > Sources/CKernels/dual_coefficients.h

Needs mpmath (pip install mpmath).

For |z| <= tan(pi/8), atan z = z + z^3 P(z^2): a least-squares fit of z^2 P at Chebyshev nodes, of which
the largest error, relative to atan z / z, on a finer grid is printed with the coefficients.
For 0 <= t <= pi/2, sin t - t cos t = t^3 S(t^2) by its Taylor series, whose terms
(-1)^(k+1) t^(2k+1) 2k / (2k+1)! are all smaller than the one before.
"""

from mpmath import atan, cos, factorial, mpf, pi, sin, sqrt, tan

from polynomial_fits import fit, macro, nodes

LAST = tan(pi / 8) ** 2


def angle_series(square):
    """P."""
    root = sqrt(square)
    return (atan(root) / root - 1) / square


def series(terms):
    coefficients = [(-1) ** (k + 1) * 2 * k / factorial(2 * k + 1) for k in range(1, terms + 1)]

    def error(t):
        exact = (sin(t) - t * cos(t)) / t**3
        return abs(sum(c * t ** (2 * j) for j, c in enumerate(coefficients)) / exact - 1)

    return coefficients, max(error(t) for t in nodes(1000, mpf(0), pi / 2))


def main():
    print("// Written by Scripts/make_dual_coefficients.py, which says what the polynomials are.")
    print("// Coefficients of rising powers.")
    for precision, digits, suffix, angle_terms, series_terms in (
        ("f64", 20, "", 10, 12),
        ("f32", 12, "f", 4, 7),
    ):
        print()
        angle = fit(angle_series, lambda square: square, mpf(0), LAST, angle_terms)
        macro("ANGLE", precision, digits, suffix, angle, "relative error")
        macro("SECTOR", precision, digits, suffix, series(series_terms), "relative error")


main()
