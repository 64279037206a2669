"""The program's random numbers, written out here again for the programs that make fixtures (Philox4x32-10, Box and
Muller)."""
import math

import numpy as np


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & 0xFFFFFFFF, (p0 >> 32) ^ c[3] ^ k[1], p0 & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


assert philox([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]


def uniforms(seed, stream, particle, count):
    """In (0, 1)."""
    out = []
    for block in range((count + 1) // 2):
        c = philox([block, stream, particle & 0xFFFFFFFF, particle >> 32], [seed, 0])
        for bits in (c[1] << 32 | c[0], c[3] << 32 | c[2]):
            out.append(((bits >> 11) + 0.5) * 2.0**-53)
    return np.array(out[:count])


def normals(seed, stream, particle, count):
    out = []
    for u, v in uniforms(seed, stream, particle, count + count % 2).reshape(-1, 2):
        radius = math.sqrt(-2 * math.log(u))
        out += [radius * math.cos(2 * math.pi * v), radius * math.sin(2 * math.pi * v)]
    return np.array(out[:count])
