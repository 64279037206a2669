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

from mpmath import erf, erfc, exp, mpf, nstr, sqrt

from polynomial_fits import fit, macro

BREAK = mpf(1)
CENTRE = mpf(3)


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
