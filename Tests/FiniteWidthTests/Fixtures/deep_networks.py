"""What the programs that train deep networks with PyTorch have in common: initial weights, activations and losses."""
import math
import os
import sys

import torch

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from random_numbers import normals, uniforms

torch.set_default_dtype(torch.float64)
WEIGHTS, BIASES = 16, 17  # numbers of the random streams


def draws(seed, stream, particle, count, law="normal"):
    """Of mean zero and variance one."""
    if law == "uniform":
        return (2 * uniforms(seed, stream, particle, count) - 1) * math.sqrt(3)
    return normals(seed, stream, particle, count)


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
