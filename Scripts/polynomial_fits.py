"""Polynomials for loops of CKernels: least-squares fits at Chebyshev nodes, and their macros.

Needs mpmath (pip install mpmath).
"""

from mpmath import cos, lu_solve, matrix, mp, nstr, pi

mp.dps = 60


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


def macro(name, precision, digits, suffix, fitted, kind="error"):
    coefficients, error = fitted
    print(f"// Largest {kind} {nstr(error, 2)}.")
    print(f"#define {name}_{precision} \\")
    print("  { \\")
    for c in coefficients:
        print(f"    {nstr(c, digits, min_fixed=1, max_fixed=0)}{suffix}, \\")
    print("  }")
