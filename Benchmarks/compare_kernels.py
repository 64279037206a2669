"""Kernels of a deep network beside neural-tangents: runs both programs in turn and writes a table.

    python compare_kernels.py KERNEL_TIMES_PROGRAM TABLE.md

The page between the two marks of TABLE.md is replaced. Each program runs in a process of its own, one after
the other, ROUNDS times, each with RUNS computations of which the fastest of all rounds counts; neural-tangents
is compiled (jax.jit) before it is timed. Sixteen elements of each kernel are compared.
"""

import os
import pathlib
import sys
import tempfile

import jax
import neural_tangents
import numpy as np

from page import last_line, processor, write_table

POINTS, DIMENSION, DEPTH, ROUNDS, RUNS = 2000, 3072, 3, 3, 5
NEURAL_TANGENTS = """
import json, sys, time
import jax
precision, path, points, dimension, depth, runs = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
jax.config.update("jax_enable_x64", precision == "double")
import jax.numpy as jnp, numpy as np
from neural_tangents import stax
layers = []
for l in range(depth):
    layers += [stax.Dense(512, W_std=2**0.5, b_std=0.1, parameterization="standard"), stax.Relu()]
layers.append(stax.Dense(1, W_std=2**0.5, b_std=0.1, parameterization="standard"))
kernel = jax.jit(lambda x: tuple(stax.serial(*layers)[2](x, None, ("nngp", "ntk"))))
x = jnp.asarray(np.fromfile(path).reshape(points, dimension), np.float64 if precision == "double" else np.float32)
result = jax.block_until_ready(kernel(x))
times = []
for _ in range(runs):
    start, processor = time.perf_counter(), time.process_time()
    result = jax.block_until_ready(kernel(x))
    times.append((time.perf_counter() - start, time.process_time() - processor))
nngp, ntk = (np.asarray(k)[:4, :4].ravel().astype(float).tolist() for k in result)
wall, processor = min(times)
print(json.dumps({"seconds": wall, "processors_used": processor / wall, "nngp": nngp, "ntk": ntk}))
"""
ENVIRONMENT = os.environ | {"JAX_PLATFORMS": "cpu"}

program, page = sys.argv[1], pathlib.Path(sys.argv[2])
sizes = [str(POINTS), str(DIMENSION), str(DEPTH)]
ours, theirs = {}, {}
with tempfile.TemporaryDirectory() as folder:
    inputs = os.path.join(folder, "inputs")
    np.random.default_rng(1).normal(size=(POINTS, DIMENSION)).tofile(inputs)
    for round in range(ROUNDS):
        for precision in ("single", "double"):
            print(f"{precision}, round {round + 1} of {ROUNDS}", file=sys.stderr)
            ours.setdefault(precision, []).append(
                last_line([program, inputs, *sizes, precision, str(RUNS)], env=ENVIRONMENT)
            )
            theirs.setdefault(precision, []).append(
                last_line([sys.executable, "-c", NEURAL_TANGENTS, precision, inputs, *sizes, str(RUNS)], env=ENVIRONMENT)
            )


def difference(a, b, name):
    # Off the diagonal, where the angles of neural-tangents are not rounding errors.
    x, y = (np.reshape(result[name], (4, 4)) for result in (a, b))
    return np.max(np.abs(x - y)[~np.eye(4, dtype=bool)]) / np.max(np.abs(y))


rows = []
for precision in ("single", "double"):
    mine = min(ours[precision], key=lambda run: run["seconds"])
    other = min(theirs[precision], key=lambda run: run["seconds"])
    gap = max(difference(mine, other, name) for name in ("nngp", "ntk"))
    rows.append(
        f"| {precision} | {mine['seconds']:.3f} | {mine['processors_used']:.2f} | {other['seconds']:.3f}"
        f" | {other['processors_used']:.2f} | {other['seconds'] / mine['seconds']:.1f} | {gap:.1e} |"
    )
table = "\n".join(
    [
        f"n = {POINTS}, D = {DIMENSION}, {DEPTH} hidden layers, ReLU, biases, standard parameterization,"
        f" {processor()}, 2 threads, neural-tangents {neural_tangents.__version__}, JAX {jax.__version__}.",
        "",
        "| precision | ours, s | processors used | neural-tangents, s | processors used | times ours"
        " | relative difference |",
        "|---|---|---|---|---|---|---|",
        *rows,
    ]
)
write_table(page, "Scripts/compare-kernels", table)
