"""Trains networks of one, two and three hidden layers in scalings of the width with PyTorch's automatic gradients and
optimizers, in double precision and standard parameterization, and writes deep_scalings.json: logits at every step.

Nothing is shared with the program: the initial parameters (Philox4x32-10, Box and Muller) and the exponents, as in
utils/scale_hyperparams.py of arXiv 2003.05884, are written out here again.

    python3 make_deep_scalings.py        (torch 2, numpy 1.24 or later)
"""
import json
import math
import os

import numpy as np
import torch

from deep_networks import WEIGHTS, draws, loss_of, phi

HERE = os.path.dirname(os.path.abspath(__file__))

# Weights of all layers but the first; learning rates of first, hidden and last layer: powers of kappa.
EXPONENTS = {
    ("mean_field", "sgd"): (-0.5, (1, 0, -1)), ("mean_field", "rmsprop"): (-0.5, (0, -1, -1)),
    ("ntk", "sgd"): (0, (0, -1, -1)), ("ntk_published", "sgd"): (0, (0, -0.5, -1)),
    ("default", "sgd"): (0, (0, 0, 0)),
}


def run(e):
    x, x_test = torch.tensor(INPUTS[:12]), torch.tensor(INPUTS[12:])
    outputs = 3 if e["loss"] == "softmax" else 1
    labels = torch.arange(12) % 3
    y = labels if outputs == 3 else (labels > 0) * 2.0 - 1
    d, layers = e["width"], e["hidden_layers"]
    kappa = d / e["reference_width"]
    rms = "epsilon" in e
    weight_exponent, rates = EXPONENTS[e["scaling"], "rmsprop" if rms else "sgd"]
    sigma = d**-0.5 * kappa**weight_exponent
    widths = [4] + [d] * layers + [outputs]
    deviations = [e["input_std"]] + [e["hidden_std"] * sigma] * (layers - 1) + [e["output_std"] * sigma]
    place = [0] + [1] * (layers - 1) + [2]
    weights, groups = [], []
    for l in range(layers + 1):
        w = np.stack([draws(e["seed"], WEIGHTS, l << 40 | r, widths[l], e.get("law")) for r in range(widths[l + 1])])
        weights.append(torch.tensor(w * deviations[l], requires_grad=True))
        group = dict(params=[weights[-1]], lr=e["learning_rate"] * kappa ** rates[place[l]])
        if rms:
            # In proportion to the later gradients: 1/d in the mean-field scaling but for the last layer.
            group["eps"] = e["epsilon"] * (1 if l == layers else kappa ** (weight_exponent - 0.5))
        groups.append(group)
    if rms:
        optimizer = torch.optim.RMSprop(groups, lr=1, alpha=e["smoothing"])
    else:
        optimizer = torch.optim.SGD(groups, lr=1, momentum=e.get("momentum", 0))

    def network(x):
        for l, w in enumerate(weights):
            x = x @ w.T
            if l < layers:
                x = phi(e["activation"], x)
        return x

    logits, size = [], e.get("batch", 12)
    for step in range(e["steps"] + 1):
        logits.append(network(x).flatten().tolist() + network(x_test).flatten().tolist())
        if step == e["steps"]:
            break
        per_epoch = -(-12 // size)
        chosen = slice(step % per_epoch * size, min((step % per_epoch + 1) * size, 12))
        optimizer.zero_grad()
        loss_of(e["loss"], network(x[chosen]), y[chosen]).backward()
        assert not rms or all((w.grad != 0).all() for w in weights), "0/0 is not PyTorch's"
        optimizer.step()
    assert all(math.isfinite(f) for f in logits[-1])
    return dict(e, outputs=outputs, labels=y.tolist(), logits=logits)


INPUTS = [[0.3 * t * math.cos(t), 0.3 * t * math.sin(t), math.sin(0.7 * t), 0.5]
          for t in (0.4 * i + 0.2 for i in range(16))]
BASE = dict(scaling="mean_field", activation="leaky_relu", loss="logistic", width=14, reference_width=5, steps=10,
            seed=3, input_std=0.4, hidden_std=0.7, output_std=0.6)
RMS = dict(BASE, learning_rate=0.01, smoothing=0.9)
EXPERIMENTS = [dict(BASE, hidden_layers=layers, learning_rate=0.5, momentum=0.8) for layers in (1, 2, 3)]
EXPERIMENTS += [dict(RMS, hidden_layers=layers, epsilon=epsilon) for layers in (1, 2, 3) for epsilon in (0, 1e-3)]
EXPERIMENTS += [
    dict(BASE, hidden_layers=2, learning_rate=0.5, batch=5, law="uniform"),
    dict(RMS, hidden_layers=3, epsilon=0, batch=5, loss="softmax", activation="gelu", law="uniform"),
    dict(BASE, hidden_layers=3, learning_rate=0.3, scaling="ntk", activation="tanh"),
    dict(BASE, hidden_layers=2, learning_rate=0.3, scaling="ntk_published", loss="softmax"),
    dict(BASE, hidden_layers=3, learning_rate=0.1, scaling="default", activation="relu"),
]

with open(os.path.join(HERE, "deep_scalings.json"), "w") as file:
    json.dump(dict(inputs=INPUTS, experiments=[run(e) for e in EXPERIMENTS]), file)
    file.write("\n")
