#!/usr/bin/env python3
"""Prints Sources/CKernels/erf_coefficients.h: the polynomials of the vectorized error function.

    Scripts/make_erf_coefficients.py > Sources/CKernels/erf_coefficients.h

Needs mpmath (pip install mpmath).

For |x| < 1, erf x = x + x P(x^2); for a = |x| from 1 to the a beyond which erf rounds to 1,
erf a = 1 - exp(-a^2) Q(t) with t = (a - c) / (a + c), Q(t) = exp(a^2) erfc a. Q is smooth in t but
not in a, and an error of Q reaches erf only as exp(-a^2) times itself: with that weight a much
lower degree does. Both are least-squares fits at Chebyshev nodes, of which the largest weighted
error on a finer grid is printed with the coefficients.
"""

from mpmath import cos, erf, erfc, exp, lu_solve, matrix, mp, mpf, nstr, pi, sqrt

mp.dps = 60

BREAK = mpf(1)
CENTRE = mpf(3)


def nodes(count, low, high):
    return [(low + high) / 2 - (high - low) / 2 * cos(pi * (k + 0.5) / count) for k in range(count)]


def fit(function, weight, low, high, terms):
    """Monomial coefficients, lowest first, and the largest weighted error."""
    points = nodes(6 * terms, low, high)
    # lu_solve of an overdetermined system is least squares.
    system = matrix(len(points), terms)
    values = matrix(len(points), 1)
    for i, point in enumerate(points):
        for j in range(terms):
            system[i, j] = weight(point) * point**j
        values[i] = weight(point) * function(point)
    solution = lu_solve(system, values)
    coefficients = [solution[j] for j in range(terms)]

    def value(point):
        return sum(c * point**j for j, c in enumerate(coefficients))

    error = max(weight(x) * abs(value(x) - function(x)) for x in nodes(1000, low, high))
    return coefficients, error


def erf_ratio_less_one(square):
    root = sqrt(square)
    return erf(root) / root - 1


def map_from(a):
    return (a - CENTRE) / (a + CENTRE)


def map_to(t):
    return CENTRE * (1 + t) / (1 - t)


def scaled_complement(t):
    a = map_to(t)
    return exp(a * a) * erfc(a)


def macro(name, precision, digits, suffix, fitted):
    coefficients, error = fitted
    print(f"// Largest error {nstr(error, 2)}.")
    print(f"#define {name}_{precision} \\")
    print("  { \\")
    for c in coefficients:
        print(f"    {nstr(c, digits, min_fixed=1, max_fixed=0)}{suffix}, \\")
    print("  }")


def main():
    print("// Written by Scripts/make_erf_coefficients.py, which says what the polynomials are.")
    print("// Coefficients of rising powers.")
    print(f"#define ERF_BREAK {nstr(BREAK)}")
    print(f"#define ERF_CENTRE {nstr(CENTRE)}")
    for precision, digits, suffix, last, near_terms, far_terms in (
        ("f64", 20, "", 6, 12, 12),
        ("f32", 12, "f", 4, 7, 6),
    ):
        print(f"\n#define ERF_LAST_{precision} {last}.0{suffix}")
        near = fit(erf_ratio_less_one, lambda s: 1, mpf(0), BREAK**2, near_terms)
        macro("ERF_NEAR_ZERO", precision, digits, suffix, near)
        far = fit(
            scaled_complement,
            lambda t: exp(-map_to(t) ** 2),
            map_from(BREAK),
            map_from(mpf(last)),
            far_terms,
        )
        macro("ERF_COMPLEMENT", precision, digits, suffix, far)


main()
