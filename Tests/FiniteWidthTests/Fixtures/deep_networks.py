"""What the programs that train deep networks with PyTorch have in common: the program's random numbers, written out
here again (Philox4x32-10, Box and Muller), activations and losses."""
import math

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
WEIGHTS, BIASES = 16, 17  # numbers of the random streams


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & 0xFFFFFFFF, (p0 >> 32) ^ c[3] ^ k[1], p0 & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


assert philox([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]


def draws(seed, stream, particle, count, law="normal"):
    """Of mean zero and variance one."""
    out = []
    for block in range((count + 1) // 2):
        c = philox([block, stream, particle & 0xFFFFFFFF, particle >> 32], [seed, 0])
        u, v = ((((b >> 11) + 0.5) * 2.0**-53) for b in (c[1] << 32 | c[0], c[3] << 32 | c[2]))
        if law == "uniform":
            out += [(2 * u - 1) * math.sqrt(3), (2 * v - 1) * math.sqrt(3)]
        else:
            radius = math.sqrt(-2 * math.log(u))
            out += [radius * math.cos(2 * math.pi * v), radius * math.sin(2 * math.pi * v)]
    return np.array(out[:count])


def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & 0xFFFFFFFF, (p0 >> 32) ^ c[3] ^ k[1], p0 & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


assert philox([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]


def normals(seed, stream, particle, count):
    out = []
    for block in range((count + 1) // 2):
        c = philox([block, stream, particle & 0xFFFFFFFF, particle >> 32], [seed, 0])
        u, v = ((((b >> 11) + 0.5) * 2.0**-53) for b in (c[1] << 32 | c[0], c[3] << 32 | c[2]))
        radius = math.sqrt(-2 * math.log(u))
        out += [radius * math.cos(2 * math.pi * v), radius * math.sin(2 * math.pi * v)]
    return np.array(out[:count])


def phi(name, z):
    return {"relu": torch.relu, "erf": torch.erf, "tanh": torch.tanh, "sin": torch.sin,
            "gelu": torch.nn.functional.gelu,
            "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, 0.1)}[name](z)


def loss_of(name, f, y):
    if name == "logistic":
        return torch.nn.functional.softplus(-y * f[:, 0]).mean()
    if name == "softmax":
        return torch.nn.functional.cross_entropy(f, y)
    target = y[:, None] if f.shape[1] == 1 else torch.nn.functional.one_hot(y, f.shape[1])
    return ((f - target) ** 2).sum(1).mean() / 2
