"""Kernels of networks with one hidden layer from neural-tangents, for NeuralTangentsTests.

    pip install neural-tangents==0.6.5 jax==0.4.30 jaxlib==0.4.30 tf2jax==0.3.6 "numpy<2" "scipy<1.14"
    python make_neural_tangents.py > neural_tangents.json

Novak et al., *Neural Tangents: fast and easy infinite neural networks in Python*, 2020.
NTK parameterization, W_std = 1.3, b_std = 0.4, no normalization of the inputs but 1/sqrt(D) of the
dense layer: the covariance of preactivations is 1.3^2 x.x'/D + 0.4^2. The file has, for every
activation, E[phi phi] ("nngp" after the activation) and the tangent kernel of the pair of dense layers.
"""

import json
import sys

import jax

jax.config.update("jax_enable_x64", True)

import numpy as np
from neural_tangents import stax

POINTS = 6
DIMENSION = 4
W_STD = 1.3
B_STD = 0.4

rng = np.random.default_rng(2003)
x = rng.normal(size=(POINTS, DIMENSION))
x[3] = -2.5 * x[1]  # opposite
x[4] = 1e-3 * x[0]  # collinear and short
x[5] = 40 * x[2]  # collinear and long

activations = {
    "relu": stax.Relu(),
    "leaky_relu": stax.LeakyRelu(0.1),
    "erf": stax.Erf(),
    "gelu": stax.Gelu(),
    "sin": stax.Sin(),
}

kernels = {}
for name, activation in activations.items():
    hidden = stax.Dense(1, W_std=W_STD, b_std=B_STD, parameterization="ntk")
    output = stax.Dense(1, W_std=1.0, b_std=None, parameterization="ntk")
    _, _, phi = stax.serial(hidden, activation)
    _, _, network = stax.serial(hidden, activation, output)
    kernels[name] = {
        "phi_phi": np.asarray(phi(x, x, "nngp")).ravel().tolist(),
        "ntk": np.asarray(network(x, x, "ntk")).ravel().tolist(),
    }

json.dump(
    {
        "inputs": x.ravel().tolist(),
        "points": POINTS,
        "dimension": DIMENSION,
        "weight_std": W_STD,
        "bias_std": B_STD,
        "kernels": kernels,
    },
    sys.stdout,
    indent=1,
)
print()
