"""Sobol' points and direction numbers by SciPy, for SobolSequenceTests.

    pip install scipy
    python make_sobol_points.py > sobol_points.json

`points`: the 32-bit numerators of points 0 ... COUNT - 1, unscrambled, Gray code order, in the
listed dimensions (counted from 0). `checksums`: for each of the 32 bits of the index, the sum over
all 4096 dimensions d of (2 d + 1) times the dimension's direction number, modulo 2^64.
"""

import json

from scipy.stats import qmc

DIMENSIONS = 4096
COUNT = 64
LISTED = [0, 1, 2, 3, 4, 7, 36, 200, 1024, 2500, 4095]

engine = qmc.Sobol(DIMENSIONS, scramble=False, bits=32)
points = engine.random(COUNT)
scaled = points * 2.0**32
checksums = [
    sum((2 * d + 1) * int(engine._sv[d, bit]) for d in range(DIMENSIONS)) % 2**64
    for bit in range(32)
]
print(
    json.dumps(
        {
            "dimensions": LISTED,
            "points": [[int(x) for x in row[LISTED]] for row in scaled],
            # As text: beyond the integers that every JSON reader keeps exact.
            "checksums": [str(value) for value in checksums],
        }
    ).replace("], [", "],\n[")
)
