"""Trains small networks and limits on the digits in numpy, from the equations, and writes
training.json: each experiment as YAML, with its logits, losses and accuracies.

Nothing is shared with the program: the reading of the data, losses, gradients and optimizers are written out
here again, random numbers in random_numbers.py. Networks of the reference width are trained in
standard parameterization, W = sigma a with one learning rate, as PyTorch would; the others with
hatted parameters and the widths' powers.

    python3 make_training.py        (numpy 1.24 or later)
"""
import json
import math
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "..", ".."))
from random_numbers import uniforms

DIGITS = os.path.join(HERE, "..", "..", "..", "data", "digits.csv")
MEAN, STD = 4.884, 6.017


def draw(seed, streams, rows, features, outputs, antithetic):
    """PyTorch's uniform law: a ~ U(-1, 1), w ~ U(-1, 1) / sqrt(D)."""
    a, w = [], []
    for r in range(rows):
        particle = r // 2 if antithetic else r
        sign = -1 if antithetic and r % 2 else 1
        a.append(sign * (2 * uniforms(seed, streams[0], particle, outputs) - 1))
        w.append((2 * uniforms(seed, streams[1], particle, features) - 1) / math.sqrt(features))
    return np.array(a), np.array(w)


def data(e):
    rows = np.loadtxt(DIGITS, delimiter=",", skiprows=1)
    x, labels = (rows[:, :-1] - MEAN) / STD, rows[:, -1].astype(int)
    classes = e.get("classes") or [[c] for c in range(10)]
    number = np.array([next((i for i, c in enumerate(classes) if l in c), -1) for l in labels])
    kept = np.flatnonzero(number >= 0)
    train, test = kept[: e["train"]], kept[e["train"] : e["train"] + e["test"]]
    return x[train], number[train], x[test], number[test], len(classes)


def phi(name, z):
    return np.where(z >= 0, z, 0.1 * z) if name == "leaky_relu" else np.tanh(z)


def dphi(name, z):
    return np.where(z >= 0, 1.0, 0.1) if name == "leaky_relu" else 1 - np.tanh(z) ** 2


def targets(loss, number, classes):
    """One column of -1, +1 for two classes with a sign, else one-hot rows."""
    if loss != "softmax" and classes == 2:
        return (2.0 * number - 1)[:, None]
    return np.eye(classes)[number]


def loss_of(loss, f, y):
    if loss == "logistic":
        return np.log1p(np.exp(-y * f))[:, 0]
    if loss == "squared":
        return ((f - y) ** 2).sum(1) / 2
    return np.log(np.exp(f).sum(1)) - (f * y).sum(1)


def dloss(loss, f, y):
    if loss == "logistic":
        return -y / (1 + np.exp(y * f))
    if loss == "squared":
        return f - y
    p = np.exp(f)
    return p / p.sum(1, keepdims=True) - y


def accuracy(f, y):
    if y.shape[1] == 1:
        return float(np.mean(np.where(f == 0, 0.5, (f > 0) == (y > 0))))
    return float(np.mean(f.argmax(1) == y.argmax(1)))


class Rule:
    """PyTorch's SGD with momentum, and RMSprop."""

    def __init__(self, e, epsilon):
        self.e, self.epsilon, self.state = e, epsilon, 0.0

    def change(self, gradient):
        kind = self.e.get("optimizer", "gd")
        if kind == "momentum":
            self.state = self.e.get("momentum", 0.9) * self.state + gradient
            return self.state
        if kind == "rmsprop":
            rho = self.e.get("smoothing", 0.99)
            self.state = rho * self.state + (1 - rho) * gradient**2
            return gradient / (np.sqrt(self.state) + self.epsilon)
        return gradient


EXPONENTS = {  # q_sigma, q_a, q_w
    False: {"mean_field": (-1, 1, 1), "ntk": (-0.5, 0, 0), "default": (-0.5, 1, 0)},
    True: {"mean_field": (-1, 0, 0), "ntk": (-0.5, -0.5, -0.5), "default": (-0.5, 0.5, 0),
           "sym_default": (-0.5, 0, 0)},
}


def train(e, a, w, sigma, rate_a, rate_w, epsilon_a, epsilon_w):
    """f = sigma sum_r a_r phi(w_r x), by gradients of a and w. Returns one row a step."""
    x, number, x_test, number_test, classes = data(e)
    loss, name = e.get("loss", "logistic"), e["activation"]
    y, y_test = targets(loss, number, classes), targets(loss, number_test, classes)
    rule_a, rule_w = Rule(e, epsilon_a), Rule(e, epsilon_w)
    rows = []
    for step in range(e["steps"] + 1):
        f = sigma * phi(name, x @ w.T) @ a
        f_test = sigma * phi(name, x_test @ w.T) @ a
        rows.append((f, f_test, y, y_test, loss))
        size = e.get("batch", len(x))
        per_epoch = -(-len(x) // size)
        chosen = slice(step % per_epoch * size, min((step % per_epoch + 1) * size, len(x)))
        xb, z = x[chosen], x[chosen] @ w.T
        g = dloss(loss, f[chosen], y[chosen]) / len(xb)
        gradient_a = sigma * phi(name, z).T @ g
        gradient_w = sigma * ((g @ a.T) * dphi(name, z)).T @ xb
        a = a - rate_a * rule_a.change(gradient_a)
        w = w - rate_w * rule_w.change(gradient_w)
    return rows


def network(e, width, seed):
    d0, eta, epsilon = e["reference_width"], e["learning_rate"], e.get("epsilon", 1e-8)
    *_, classes = data(e)
    outputs = targets(e.get("loss", "logistic"), np.zeros(1, int), classes).shape[1]
    a, w = draw(seed, (3, 4), width, 64, outputs, False)
    sigma0 = d0**-0.5
    if width == d0:
        return train(e, sigma0 * a, w, 1.0, eta, eta, epsilon, epsilon)
    normalized = e.get("optimizer") == "rmsprop"
    q_sigma, q_a, q_w = EXPONENTS[normalized][e["scaling"]]
    ratio = width / d0
    rate_a = eta / sigma0 if normalized else eta / sigma0**2
    return train(
        e, a, w, sigma0 * ratio**q_sigma, rate_a * ratio**q_a, eta * ratio**q_w,
        sigma0 * epsilon * ratio**q_sigma, epsilon * ratio**q_sigma)


def limit(e, particles, seed):
    """The mean-field limit on antithetic particles: a mean-field network of as many neurons."""
    d0, eta, epsilon = e["reference_width"], e["learning_rate"], e.get("epsilon", 1e-8)
    *_, classes = data(e)
    outputs = targets(e.get("loss", "logistic"), np.zeros(1, int), classes).shape[1]
    a, w = draw(seed, (1, 2), particles, 64, outputs, True)
    normalized = e.get("optimizer") == "rmsprop"
    q_sigma, q_a, q_w = EXPONENTS[normalized]["mean_field"]
    ratio, sigma0 = particles / d0, d0**-0.5
    rate_a = eta / sigma0 if normalized else eta / sigma0**2
    return train(
        e, a, w, sigma0 * ratio**q_sigma, rate_a * ratio**q_a, eta * ratio**q_w,
        sigma0 * epsilon * ratio**q_sigma, epsilon * ratio**q_sigma)


def yaml(e):
    lines = ["data:", "  format: csv", "  train_path: DIGITS"]
    if "classes" in e:
        lines.append(f"  classes: {e['classes']}")
    lines += [f"  train: {e['train']}", f"  test: {e['test']}"]
    lines += [f"  normalize: {{mean: {MEAN}, std: {STD}}}", "network:"]
    lines.append(f"  activation: {e['activation']}")
    if e["activation"] == "leaky_relu":
        lines.append("  slope: 0.1")
    lines += [f"  reference_width: {e['reference_width']}", "  initialization: pytorch_uniform"]
    lines.append("training:")
    for key in ("loss", "optimizer", "momentum", "smoothing", "epsilon", "learning_rate", "steps",
                "batch"):
        if key in e:
            lines.append(f"  {key}: {e[key]}")
    lines.append(f"scaling: {e['scaling']}")
    lines.append("limit: {particles: 24, replicates: 1, design: antithetic, seed: 5}")
    lines.append("finite: {widths: [6, 10], seeds: 1}")
    return "\n".join(lines) + "\n"


BASE = dict(train=30, test=12, reference_width=6, learning_rate=0.05, steps=6, scaling="mean_field",
            activation="leaky_relu")
SIGNS = dict(classes=[[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]])
EXPERIMENTS = {
    "softmax": dict(BASE, loss="softmax"),
    "softmax of two classes": dict(BASE, loss="softmax", scaling="ntk", activation="tanh", **SIGNS),
    # Without classes it would be a regression on the labels.
    "squared of ten classes": dict(BASE, loss="squared", scaling="default", batch=8,
                                   classes=[[c] for c in range(10)]),
    "momentum": dict(BASE, optimizer="momentum", activation="tanh", **SIGNS),
    "momentum and softmax": dict(BASE, loss="softmax", optimizer="momentum", momentum=0.5,
                                 batch=13, scaling="ntk"),
    "rmsprop": dict(BASE, optimizer="rmsprop", learning_rate=0.01, **SIGNS),
    "rmsprop and softmax": dict(BASE, loss="softmax", optimizer="rmsprop", learning_rate=0.01,
                                smoothing=0.8, epsilon=0.01, activation="tanh", scaling="ntk"),
    "rmsprop in the default scaling": dict(BASE, optimizer="rmsprop", learning_rate=0.01,
                                           epsilon=0.003, scaling="default", **SIGNS),
    "rmsprop with a large epsilon": dict(BASE, loss="softmax", optimizer="rmsprop",
                                         learning_rate=0.01, epsilon=0.05),
}


def record(rows):
    return dict(
        test_logits=[t.ravel().tolist() for _, t, *_ in rows],
        train_loss=[float(loss_of(l, f, y).mean()) for f, _, y, _, l in rows],
        test_loss=[float(loss_of(l, t, y).mean()) for _, t, _, y, l in rows],
        train_accuracy=[accuracy(f, y) for f, _, y, _, _ in rows],
        test_accuracy=[accuracy(t, y) for _, t, _, y, _ in rows],
    )


result = []
for name, e in EXPERIMENTS.items():
    entry = dict(name=name, configuration=yaml(e), widths=[6, 10],
                 networks=[record(network(e, width, 5)) for width in (6, 10)])
    if e["scaling"] == "mean_field":
        entry["limit"] = record(limit(e, 24, 5))
    result.append(entry)


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.13g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return value


# The last step's logits are enough: they depend on all the others.
for entry in result:
    for item in entry["networks"] + ([entry["limit"]] if "limit" in entry else []):
        item["test_logits"] = item["test_logits"][-1]
with open(os.path.join(HERE, "training.json"), "w") as file:
    json.dump(rounded(result), file, indent=1)
    file.write("\n")
