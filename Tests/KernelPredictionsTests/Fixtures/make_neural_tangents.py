"""Predictions of trained deep networks from neural-tangents and numpy, for NeuralTangentsTests and
DescentTests.

    pip install neural-tangents==0.6.5 jax==0.4.30 jaxlib==0.4.30 "numpy<2"
    python make_neural_tangents.py > neural_tangents.json

Networks are relu and erf, of one and three hidden layers, with biases, in the NTK and in the improved
standard parameterization.

- ensembles: `predict.gradient_descent_mse_ensemble`, means and covariances of the test logits over networks
  trained by gradient flow (get="ntk"), and of the Bayesian network with label noise (get="nngp",
  t = infinity, `diag_reg` its variance). Their squared loss is a mean over points and outputs: their time
  is that of a mean over points times the number of outputs.
- flows: `predict.gradient_descent` on the logistic loss and on the cross-entropy from given initial
  functions, an adaptive integrator with errors of about 1e-8.
- descents: gradient descent with momentum and mini-batches in order, steps written out in numpy, on the
  logistic loss, the cross-entropy and the squared loss.

Times are training steps of the learning rate. Matrices are flat, row by row; infinity is -1.
"""

import json
import sys

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import numpy as np
from neural_tangents import predict, stax

TRAIN, TEST, DIMENSION, RATE, MOMENTUM, BATCH, STEPS = 10, 4, 5, 0.3, 0.7, 4, 9
W_STD, B_STD, WIDTHS = 1.4, 0.3, [7, 11, 4]
TIMES = [0.5, 10.0, 300.0, -1.0]

rng = np.random.default_rng(1902)
train = rng.normal(size=(TRAIN, DIMENSION))
test = rng.normal(size=(TEST, DIMENSION))
binary = np.where(train[:, 0] * train[:, 1] > 0, 1.0, -1.0)[:, None]
classes = rng.integers(0, 3, size=TRAIN)
onehot = np.eye(3)[classes]
initial = {"train": rng.normal(size=(TRAIN, 3)), "test": rng.normal(size=(TEST, 3))}


def network(activation, depth, parameterization):
    phi = {"relu": stax.Relu(), "erf": stax.Erf()}[activation]
    layers = []
    for l in range(depth + 1):
        standard = parameterization == "standard"
        scales = (1, 1) if not standard else (2 if l > 0 else 1, 2 if l < depth else 1)
        width = 1 if l == depth else WIDTHS[l]
        layers.append(
            stax.Dense(width, W_std=W_STD, b_std=B_STD, parameterization=parameterization, s=scales)
        )
        if l < depth:
            layers.append(phi)
    return stax.serial(*layers)[2]


def flat(x):
    return np.asarray(x).ravel().tolist()


ensembles, flows, descents = [], [], []
for activation, depth, parameterization in [
    ("relu", 1, "ntk"),
    ("erf", 3, "ntk"),
    ("relu", 3, "standard"),
    ("erf", 1, "standard"),
]:
    kernel = network(activation, depth, parameterization)
    name = {"activation": activation, "depth": depth, "parameterization": parameterization}
    # Standard kernels are of the order of the widths.
    rate = RATE if parameterization == "ntk" else RATE / 10
    for targets in (binary, onehot):
        outputs = targets.shape[1]
        for t in TIMES:
            entry = dict(name, outputs=outputs, time=t, rate=rate)
            ensemble = predict.gradient_descent_mse_ensemble(
                kernel, jnp.asarray(train), jnp.asarray(targets), learning_rate=rate, diag_reg=0.0
            )
            time = None if t < 0 else t * outputs
            got = ensemble(t=time, x_test=jnp.asarray(test), get="ntk", compute_cov=True)
            entry |= {"mean": flat(got.mean), "covariance": flat(got.covariance)}
            got = ensemble(t=time, x_test=None, get="ntk", compute_cov=True)
            entry |= {"train_mean": flat(got.mean), "train_covariance": flat(got.covariance)}
            ensembles.append(entry)
        for noise in (0.0, 0.04):
            posterior = predict.gradient_descent_mse_ensemble(
                kernel, jnp.asarray(train), jnp.asarray(targets), diag_reg=noise,
                diag_reg_absolute_scale=True,
            )
            got = posterior(t=None, x_test=jnp.asarray(test), get="nngp", compute_cov=True)
            ensembles.append(
                dict(name, outputs=outputs, noise=noise, mean=flat(got.mean),
                     covariance=flat(got.covariance))
            )
    both = kernel(train, train, ("nngp", "ntk")), kernel(test, train, ("nngp", "ntk"))
    theta = np.asarray(both[0].ntk)
    theta_test = np.asarray(both[1].ntk)

    def logistic(f, y):
        return jnp.mean(jnp.log1p(jnp.exp(-y * f)))

    def entropy(f, y):
        return -jnp.mean(jnp.sum(y * jax.nn.log_softmax(f), axis=-1))

    def squared(f, y):
        return jnp.sum((f - y) ** 2) / 2 / len(f)

    for loss, function, targets in [
        ("logistic", logistic, binary), ("softmax", entropy, onehot), ("squared", squared, onehot)
    ]:
        outputs = targets.shape[1]
        f0 = initial["train"][:, :outputs], initial["test"][:, :outputs]
        if loss != "squared":
            flow = predict.gradient_descent(
                function, jnp.asarray(theta), jnp.asarray(targets), learning_rate=rate
            )
            for t in (1.0, 20.0):
                f_train, f_test = flow(t, f0[0], f0[1], theta_test)
                flows.append(
                    dict(name, loss=loss, rate=rate, outputs=outputs, time=t, train=flat(f_train),
                         test=flat(f_test))
                )
        gradient = jax.grad(function)
        for momentum in (0.0, MOMENTUM):
            f, g = f0[0].copy(), f0[1].copy()
            u, v = np.zeros_like(f), np.zeros_like(g)
            start = 0
            for _ in range(STEPS):
                rows = np.arange(start, min(start + BATCH, TRAIN))
                d = np.asarray(gradient(jnp.asarray(f[rows]), jnp.asarray(targets[rows])))
                u = momentum * u + rate * theta[:, rows] @ d
                v = momentum * v + rate * theta_test[:, rows] @ d
                f, g = f - u, g - v
                start = 0 if rows[-1] == TRAIN - 1 else start + BATCH
            descents.append(
                dict(name, loss=loss, rate=rate, outputs=outputs, momentum=momentum, train=flat(f),
                     test=flat(g))
            )

head = {
    "train_inputs": flat(train), "test_inputs": flat(test), "train_points": TRAIN,
    "test_points": TEST, "dimension": DIMENSION, "weight_std": W_STD, "bias_std": B_STD,
    "widths": WIDTHS, "batch": BATCH, "steps": STEPS, "binary_labels": flat(binary),
    "class_labels": flat(classes), "train_initial": flat(initial["train"]),
    "test_initial": flat(initial["test"]),
}
parts = [json.dumps(head)[:-1]]
for name, entries in (("ensembles", ensembles), ("flows", flows), ("descents", descents)):
    parts.append(f'"{name}": [\n' + ",\n".join(json.dumps(e) for e in entries) + "\n]")
sys.stdout.write(", ".join(parts) + "}\n")
