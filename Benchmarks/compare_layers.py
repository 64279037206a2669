"""A step of RMSProp in the limit of three hidden layers beside PyTorch's: runs both programs in turn and writes a table.

    python compare_layers.py LAYER_TIMES_PROGRAM TABLE.md

The page between the two marks of TABLE.md is replaced. Each program runs in a process of its own, one after the other,
ROUNDS times; the fastest step of all rounds counts.
"""

import pathlib
import sys

import torch

from page import last_line, processor, torch_times, write_table

POINTS, DIMENSION, WIDTH, LAYERS, STEPS, ROUNDS = 1000, 3072, 2048, 3, 50, 3

program, page = sys.argv[1], pathlib.Path(sys.argv[2])
ours, theirs = [], {}
for round in range(ROUNDS):
    print(f"round {round + 1} of {ROUNDS}", file=sys.stderr)
    ours.append(last_line([program, *map(str, (POINTS, DIMENSION, WIDTH, LAYERS))]))
    torch_times("pytorch_layers.py", POINTS, DIMENSION, WIDTH, LAYERS, 2, times=theirs)

best = min(ours, key=lambda run: run["seconds"])
peak = max(run["peak_operations_a_second"] for run in ours)
cells = [
    f"{best['seconds']:.3f}", f"{STEPS * best['seconds']:.0f}", f"{best['processors_used']:.2f}",
    f"{best['operations']:.2g}", f"{100 * best['operations'] / best['seconds'] / peak:.0f} %",
    f"{max(run['memory_bytes'] for run in ours) / 1e6:.0f} MB",
]  # fmt: skip
for runs in theirs.values():
    seconds = min(run[0] for run in runs)
    cells += [f"{seconds:.3f}", f"{seconds / best['seconds']:.1f}"]
cells.append(f"{max(run[1] for runs in theirs.values() for run in runs) / 1e6:.0f} MB")
names = " | ".join(f"PyTorch {name}, s | times ours" for name in theirs)
write_table(
    page, "Scripts/compare-layers",
    "\n".join(
        [
            f"n = {POINTS}, D = {DIMENSION}, {LAYERS} hidden layers of {WIDTH}, {processor()}, 2 threads, PyTorch"
            f" {torch.__version__}; SGEMM peak {peak / 1e9:.0f} GFLOP/s.",
            "",
            f"| ours, s | {STEPS} steps, s | processors used | operations of a step | of the SGEMM peak | memory"
            f" | {names} | memory |",
            "|---" * 11 + "|",
            "| " + " | ".join(cells) + " |",
        ]
    ),
)  # fmt: skip
