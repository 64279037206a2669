"""A whole job beside PyTorch's: the limit to the error that a network of width 65536 has.

    python compare_job.py INFWIDTH IMAGES TABLE.md

CIFAR2, 1024 training images, 256 test images, 200 steps. Networks of width WIDTH and a reference limit of
many particles give the error of a network, root mean square over test points and seeds; that of the
width 65536 follows with the -1/2 power of the width. Limits of the same error are timed as whole
processes, every other run PyTorch's: ROUNDS times, the fastest counts. PyTorch's job is 200 times its
fastest step; its set-up and its evaluations are left out. The page between the two marks of TABLE.md is
replaced.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import netCDF4
import numpy
import torch

from page import processor, torch_times, write_table

POINTS, DIMENSION, STEPS, WIDE, ROUNDS = 1024, 3072, 200, 65536, 2
WIDTH, SEEDS, REFERENCE = 4096, 4, 131072
CANDIDATES = (
    ("every step", 18432, {}),
    ("two ranks", 18432, {"rank": "auto"}),
)

program, images, page = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
folder = pathlib.Path(tempfile.mkdtemp())


def configuration(limit):
    return json.dumps(
        {
            "data": {
                "format": "cifar10", "classes": [0, 1], "train": POINTS, "test": 256,
                "train_path": str(images / "train.bin"), "test_path": str(images / "test.bin"),
                "normalize": {"mean": 0.4734, "std": 0.2516},
            },
            "network": {
                "activation": "leaky_relu", "slope": 0.1, "reference_width": 128,
                "initialization": "gaussian",
            },
            "training": {"loss": "logistic", "learning_rate": 0.02, "steps": STEPS},
            "limit": limit, "finite": {"widths": [WIDTH], "seeds": SEEDS},
            "record": {"every": STEPS},
        }
    )  # fmt: skip


def run(command, limit, name):
    """Seconds of the process, and the file it wrote."""
    (folder / "job.yaml").write_text(configuration(limit))
    output = folder / f"{name}.nc"
    start = time.perf_counter()
    subprocess.run(
        [program, command, str(folder / "job.yaml"), "-o", str(output), "--force", "--quiet"],
        check=True, capture_output=True,
    )  # fmt: skip
    return time.perf_counter() - start, netCDF4.Dataset(output)


def rms(values):
    return float(numpy.sqrt(numpy.mean(numpy.square(values))))


_, reference = run("limit", {"particles": REFERENCE, "rank": "auto", "seed": 77}, "reference")
truth = reference["test_logits"][0, -1, :, 0]
uncertain = float(reference["test_logits_error"][-1])
print(f"reference: {uncertain:.4f}", file=sys.stderr)
_, nets = run("train", {}, "nets")
gaps = nets["test_logits"][0, :, -1, :, 0] - truth
networks = float(numpy.sqrt(rms(gaps) ** 2 - uncertain**2))
wanted = networks * (WIDTH / WIDE) ** 0.5
print(f"networks of width {WIDTH}: {networks:.4f}, of {WIDE}: {wanted:.4f}", file=sys.stderr)

times, steps, errors = {}, {}, {}
for round in range(ROUNDS):
    for name, particles, options in CANDIDATES:
        limit = {"particles": particles, "seed": round + 1, **options}
        seconds, file = run("limit", limit, "ours")
        times.setdefault(name, []).append(seconds)
        error = rms(file["test_logits"][0, -1, :, 0] - truth)
        errors.setdefault(name, []).append((float(file["test_logits_error"][-1]), error))
        print(f"{name}: {seconds:.1f} s, errors {errors[name][-1]}", file=sys.stderr)
    torch_times("pytorch_step.py", POINTS, DIMENSION, WIDE, 2, times=steps)
    print({name: f"{STEPS * runs[-1][0]:.0f} s" for name, runs in steps.items()}, file=sys.stderr)
theirs = {name: [STEPS * seconds for seconds, _ in runs] for name, runs in steps.items()}

rows = []
for name, particles, _ in CANDIDATES:
    cells = [
        f"{name}, {particles} particles", f"{min(times[name]):.0f}",
        ", ".join(f"{stated:.4f}" for stated, _ in errors[name]),
        ", ".join(f"{found:.4f}" for _, found in errors[name]),
    ]  # fmt: skip
    cells += [f"{min(runs) / min(times[name]):.0f}" for runs in theirs.values()]
    rows.append("| " + " | ".join(cells) + " |")
names = " | ".join(f"PyTorch {name} ({min(runs):.0f} s), times ours" for name, runs in theirs.items())
table = "\n".join(
    [
        f"{processor()}, 2 threads, PyTorch {torch.__version__}. Error of a network of width {WIDE} at step"
        f" {STEPS}: {wanted:.4f}, from {SEEDS} networks of width {WIDTH}; error of the reference"
        f" ({REFERENCE} particles): {uncertain:.4f}.",
        "",
        f"| limit | seconds | error it states | difference from the reference | {names} |",
        "|---|---|---|---|" + "---|" * len(theirs),
        *rows,
    ]
)
write_table(page, "Scripts/compare-job", table)
