"""Integrates the gradient flow of a few particles with explicit initial weights by scipy (DOP853, an
eighth-order method, at relative tolerance 1e-12) and writes gradient_flow.json: problems, initial
weights, and training and test logits and weights at whole steps.

    f_c(x) = s mean_r a_rc phi(w_r . x)
    da_rc/dk = -p sum_i g_ic phi(w_r . x_i)
    dw_r/dk = -q sum_i (g_i . a_r) phi'(w_r . x_i) x_i,    g = dl/df / n

    python3 make_gradient_flow.py        (numpy 1.24, scipy 1.10 or later)
"""
import json
import os

import numpy as np
from scipy.integrate import solve_ivp

HERE = os.path.dirname(os.path.abspath(__file__))

ACTIVATIONS = {
    "linear": (lambda z: z, lambda z: np.ones_like(z)),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sin": (np.sin, np.cos),
}


def gradients(loss, labels, f):
    n, outputs = f.shape
    if loss == "logistic":
        y = labels[:, None]
        return -y / (1 + np.exp(y * f)) / n
    target = np.eye(outputs)[labels.astype(int)] if outputs > 1 else labels[:, None]
    if loss == "squared":
        return (f - target) / n
    p = np.exp(f - f.max(axis=1, keepdims=True))
    return (p / p.sum(axis=1, keepdims=True) - target) / n


def flow(name, activation, loss, outputs, seed, scale=2.5, p=0.3, q=0.2, times=(0, 1, 3, 10)):
    rng = np.random.default_rng(seed)
    particles, features, n, t = 5, 3, 7, 4
    # Short decimals, so that both programs read the same numbers.
    x = np.round(rng.normal(size=(n, features)), 3)
    xt = np.round(rng.normal(size=(t, features)), 3)
    a0 = np.round(rng.normal(size=(particles, outputs)), 3)
    w0 = np.round(rng.normal(size=(particles, features)), 3)
    labels = rng.integers(0, outputs, n) if outputs > 1 else rng.choice([-1, 1], n)
    labels = labels.astype(float)
    phi, dphi = ACTIVATIONS[activation]

    def parts(y):
        cut = particles * outputs
        return y[:cut].reshape(particles, outputs), y[cut:].reshape(particles, features)

    def logits(y, points):
        a, w = parts(y)
        return scale * phi(points @ w.T) @ a / particles

    def slope(_, y):
        a, w = parts(y)
        g = gradients(loss, labels, logits(y, x))
        z = x @ w.T
        da = -p * phi(z).T @ g
        dw = -q * ((g @ a.T) * dphi(z)).T @ x
        return np.concatenate([da.ravel(), dw.ravel()])

    y0 = np.concatenate([a0.ravel(), w0.ravel()])
    solution = solve_ivp(
        slope, (0, times[-1]), y0, method="DOP853", rtol=1e-12, atol=1e-14, max_step=0.05,
        t_eval=list(times))
    assert solution.success
    states = solution.y.T
    return {
        "name": name, "activation": activation, "loss": loss, "outputs": outputs,
        "logit_scale": scale, "output_step": p, "input_step": q, "inputs": x.ravel().tolist(),
        "labels": labels.tolist(), "test_inputs": xt.ravel().tolist(),
        "output_weights": a0.ravel().tolist(), "input_weights": w0.ravel().tolist(),
        "steps": list(times),
        "train_logits": [logits(y, x).ravel().tolist() for y in states],
        "test_logits": [logits(y, xt).ravel().tolist() for y in states],
        "final_output_weights": parts(states[-1])[0].ravel().tolist(),
        "final_input_weights": parts(states[-1])[1].ravel().tolist(),
    }


if __name__ == "__main__":
    flows = [
        flow("linear network, squared loss", "linear", "squared", 1, 1),
        flow("linear network, logistic loss", "linear", "logistic", 1, 2),
        flow("tanh, logistic loss", "tanh", "logistic", 1, 3),
        flow("sine, softmax of three outputs", "sin", "softmax", 3, 4),
        flow("tanh, squared loss of two outputs", "tanh", "squared", 2, 5),
    ]
    with open(os.path.join(HERE, "gradient_flow.json"), "w") as file:
        json.dump(flows, file, indent=1)
        file.write("\n")
