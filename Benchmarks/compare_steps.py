"""A gradient step beside PyTorch's: runs both programs in turn and writes a table in Markdown.

    python compare_steps.py STEP_TIMES_PROGRAM TABLE.md

The page between the two marks of TABLE.md is replaced. Each program runs in a process of its own,
one after the other, ROUNDS times; the fastest step of all rounds counts. The table says how many
processors our program had: below 1.7 of 2, something else ran and the row says little.
"""

import pathlib
import sys

import torch

from page import last_line, processor, torch_times, write_table

POINTS, DIMENSION, WIDTHS, ROUNDS = 1024, 3072, (16384, 65536), 3

program, page = sys.argv[1], pathlib.Path(sys.argv[2])

ours_at, theirs_at = {}, {}
for width in WIDTHS:
    ours_at[width], theirs_at[width] = [], {}
    for round in range(ROUNDS):
        print(f"width {width}, round {round + 1} of {ROUNDS}", file=sys.stderr)
        sizes = POINTS, DIMENSION, width
        ours_at[width].append(last_line([program, *map(str, sizes)]))
        torch_times("pytorch_step.py", *sizes, 2, times=theirs_at[width])
peak = max(run["peak_operations_a_second"] for runs in ours_at.values() for run in runs)

rows = []
for width in WIDTHS:
    best = min(ours_at[width], key=lambda run: run["seconds"])
    memory = max(run["memory_bytes"] for run in ours_at[width])
    particles = 4 * (2 * POINTS + 1) * width
    cells = [
        f"{width}",
        f"{best['seconds']:.3f}",
        f"{best['processors_used']:.2f}",
        f"{100 * best['operations'] / best['seconds'] / peak:.0f} %",
        f"{memory / 1e6:.0f} MB, of particles {particles / 1e6:.0f} MB",
    ]
    for runs in theirs_at[width].values():
        seconds = min(run[0] for run in runs)
        cells += [f"{seconds:.3f}", f"{seconds / best['seconds']:.1f}"]
    cells.append(f"{max(run[1] for runs in theirs_at[width].values() for run in runs) / 1e6:.0f} MB")
    rows.append("| " + " | ".join(cells) + " |")

names = " | ".join(f"PyTorch {name}, s | times ours" for name in theirs_at[WIDTHS[0]])
table = "\n".join(
    [
        f"n = {POINTS}, D = {DIMENSION}, {processor()}, 2 threads, PyTorch {torch.__version__}; SGEMM peak"
        f" {peak / 1e9:.0f} GFLOP/s.",
        "",
        f"| N | ours, s | processors used | of the SGEMM peak | memory | {names} | memory |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *rows,
    ]
)
write_table(page, "Scripts/compare-steps", table)
