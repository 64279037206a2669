"""Kernels of deep networks from neural-tangents, for NeuralTangentsTests.

    pip install neural-tangents==0.6.5 jax==0.4.30 jaxlib==0.4.30 "numpy<2"
    python make_neural_tangents.py > neural_tangents.json

Novak et al., *Neural Tangents: fast and easy infinite neural networks in Python*, 2020. Every
network has hidden layers of unequal base widths N_l, W_std = 1.3 and, with a bias, b_std = 0.4. Names:

- ntk: their "ntk";
- standard: their "standard" with layers of N_l and scales s = (s_in, s_out), 3 for every hidden layer
  (Sohl-Dickstein et al. 2020, arXiv 2001.07301);
- naive_standard: their "standard" with layers of 3 N_l and without scales.

Elements on and above the diagonal, row by row. Their angle of a point with itself is a rounding error, of
about 1e-8, so that diagonals of the tangent kernels of piecewise linear activations have fewer digits.
"""

import json
import sys

import jax

jax.config.update("jax_enable_x64", True)

import numpy as np
from neural_tangents import stax

POINTS, DIMENSION, W_STD, B_STD, SCALE = 4, 5, 1.3, 0.4, 3
WIDTHS = [7, 11, 4, 9, 6]

rng = np.random.default_rng(2001)
x = rng.normal(size=(POINTS, DIMENSION))
x[1] = -1.7 * x[0] + 0.3 * x[1]  # nearly opposite
x[2] *= 4

activations = {
    "linear": stax.Identity(),
    "relu": stax.Relu(),
    "leaky_relu": stax.LeakyRelu(0.1),
    "erf": stax.Erf(),
    "gelu": stax.Gelu(),
    "sin": stax.Sin(),
}


def network(activation, depth, parameterization, bias):
    b_std = B_STD if bias else None
    name = "ntk" if parameterization == "ntk" else "standard"
    scaled = parameterization == "standard"
    layers = []
    for l in range(depth + 1):
        scales = (SCALE if scaled and l > 0 else 1, SCALE if scaled and l < depth else 1)
        width = 1 if l == depth else WIDTHS[l] * (SCALE if parameterization == "naive_standard" else 1)
        layers.append(stax.Dense(width, W_std=W_STD, b_std=b_std, parameterization=name, s=scales))
        if l < depth:
            layers.append(activation)
    return stax.serial(*layers)[2]


def upper(matrix):
    return np.asarray(matrix)[np.triu_indices(POINTS)].tolist()


kernels = []
for name, activation in activations.items():
    for depth in range(1, 6):
        for parameterization in ("ntk", "standard", "naive_standard"):
            for bias in (False, True):
                both = network(activation, depth, parameterization, bias)(x, x, ("nngp", "ntk"))
                kernels.append(
                    {
                        "activation": name,
                        "depth": depth,
                        "parameterization": parameterization,
                        "bias": bias,
                        "nngp": upper(both.nngp),
                        "ntk": upper(both.ntk),
                    }
                )

head = {
    "inputs": x.ravel().tolist(),
    "points": POINTS,
    "dimension": DIMENSION,
    "weight_std": W_STD,
    "bias_std": B_STD,
    "width_scale": SCALE,
    "widths": WIDTHS,
}
body = ",\n".join(json.dumps(kernel) for kernel in kernels)
sys.stdout.write(json.dumps(head)[:-1] + ', "kernels": [\n' + body + "\n]}\n")
