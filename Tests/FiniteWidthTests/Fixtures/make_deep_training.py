"""Trains small deep networks with PyTorch's automatic gradients and optimizers, in double precision, and writes
deep_training.json: logits at every step, and tangent kernels from autograd before and after.

Nothing is shared with the program: the initial parameters (Philox4x32-10, Box and Muller) and the
parameterizations are written out here again.

    python3 make_deep_training.py        (torch 2, numpy 1.24 or later)
"""
import json
import math
import os

import numpy as np
import torch

from deep_networks import BIASES, WEIGHTS, draws, loss_of, phi

HERE = os.path.dirname(os.path.abspath(__file__))


class Network:
    def __init__(self, e, dimension, outputs):
        self.e, widths = e, [dimension] + e["widths"] + [outputs]
        base = [dimension] + e["base_widths"]
        kind, sw, sb = e["parameterization"], e["weight_std"], e["bias_std"]
        self.layers = []
        for l in range(len(widths) - 1):
            n, m = widths[l], widths[l + 1]
            w = np.stack([draws(e["seed"], WEIGHTS, l << 40 | r, n) for r in range(m)])
            b = draws(e["seed"], BIASES, l, m)
            factor, bias_factor = 1.0, 1.0
            if kind == "ntk":
                factor, bias_factor = sw / math.sqrt(n), sb
            elif kind == "standard":
                # Written as W y / sqrt(s) with the s that the number of inputs makes.
                s = n / base[l] if l > 0 else 1.0
                factor = 1 / math.sqrt(s)
                w, b = w * sw / math.sqrt(base[l]), b * sb
            else:
                w, b = w * sw / math.sqrt(n), b * sb
            self.layers.append((torch.tensor(w, requires_grad=True),
                                torch.tensor(b, requires_grad=True), factor, bias_factor))

    def parameters(self):
        return [p for w, b, *_ in self.layers for p in (w, b)]

    def __call__(self, x):
        for l, (w, b, factor, bias_factor) in enumerate(self.layers):
            x = factor * x @ w.T + bias_factor * b
            if l + 1 < len(self.layers):
                x = phi(self.e["activation"], x)
        return x


def tangent_kernel(network, x):
    """Mean over outputs of each with itself, times the learning rate."""
    outputs = network(x[:1]).shape[1]
    kernel = 0
    for c in range(outputs):
        rows = []
        for i in range(len(x)):
            g = torch.autograd.grad(network(x[i : i + 1])[0, c], network.parameters())
            rows.append(torch.cat([p.flatten() for p in g]))
        jacobian = torch.stack(rows)
        kernel = kernel + jacobian @ jacobian.T / outputs
    return (network.e["learning_rate"] * kernel).tolist()


def run(e):
    x, x_test = torch.tensor(INPUTS[:12]), torch.tensor(INPUTS[12:])
    loss = e["loss"]
    outputs = 3 if loss == "softmax" or e.get("classes") else 1
    numbers = torch.arange(12) % 3
    y = numbers if outputs == 3 else (numbers > 0) * 2.0 - 1
    network = Network(e, 4, outputs)
    rate = e["learning_rate"]
    if e.get("rmsprop"):
        optimizer = torch.optim.RMSprop(network.parameters(), lr=rate, alpha=0.9, eps=1e-3)
    else:
        optimizer = torch.optim.SGD(network.parameters(), lr=rate, momentum=e.get("momentum", 0))
    kernels, logits = [tangent_kernel(network, x_test)], []
    size = e.get("batch", 12)
    for step in range(e["steps"] + 1):
        logits.append(network(x).flatten().tolist() + network(x_test).flatten().tolist())
        if step == e["steps"]:
            break
        per_epoch = -(-12 // size)
        chosen = slice(step % per_epoch * size, min((step % per_epoch + 1) * size, 12))
        optimizer.zero_grad()
        loss_of(loss, network(x[chosen]), y[chosen]).backward()
        optimizer.step()
    kernels.append(tangent_kernel(network, x_test))
    return dict(e, outputs=outputs, labels=y.tolist(), logits=logits, kernels=kernels)


# Points on a spiral.
INPUTS = [[0.3 * t * math.cos(t), 0.3 * t * math.sin(t), math.sin(0.7 * t), 0.5]
          for t in (0.4 * i for i in range(16))]
BASE = dict(weight_std=1.3, bias_std=0.4, steps=6, seed=3, learning_rate=0.05)
EXPERIMENTS = [
    dict(BASE, parameterization="ntk", activation="erf", base_widths=[6, 4, 9], widths=[12, 8, 18],
         loss="logistic", momentum=0.9, learning_rate=0.3),
    dict(BASE, parameterization="standard", activation="gelu", base_widths=[4, 6, 3],
         widths=[7, 11, 5], loss="softmax", momentum=0.7),
    dict(BASE, parameterization="standard", activation="relu", base_widths=[8, 5], widths=[8, 5],
         loss="squared", batch=5),
    dict(BASE, parameterization="naive_standard", activation="tanh", base_widths=[3, 5, 4],
         widths=[9, 15, 12], loss="logistic", batch=5, momentum=0.5),
    dict(BASE, parameterization="naive_standard", activation="leaky_relu", base_widths=[7],
         widths=[14], loss="squared", classes=True),
    dict(BASE, parameterization="ntk", activation="sin", base_widths=[5, 5], widths=[5, 5],
         loss="softmax", rmsprop=True, learning_rate=0.02),
]

with open(os.path.join(HERE, "deep_training.json"), "w") as file:
    json.dump(dict(inputs=INPUTS, experiments=[run(e) for e in EXPERIMENTS]), file)
    file.write("\n")
