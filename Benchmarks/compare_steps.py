"""A gradient step beside PyTorch's: runs both programs in turn and writes a table in Markdown.

    python compare_steps.py STEP_TIMES_PROGRAM TABLE.md

The page between the two marks of TABLE.md is replaced. Each program runs in a process of its own,
one after the other, ROUNDS times; the fastest step of all rounds counts. The table says how many
processors our program had: below 1.7 of 2, something else ran and the row says little.
"""

import json
import pathlib
import platform
import subprocess
import sys

import torch

POINTS, DIMENSION, WIDTHS, ROUNDS = 1024, 3072, (16384, 65536), 3
BEGIN, END = "<!-- made by Scripts/compare-steps -->", "<!-- end of what Scripts/compare-steps makes -->"

program, page = sys.argv[1], pathlib.Path(sys.argv[2])
script = pathlib.Path(__file__).with_name("pytorch_step.py")


def ours(width, times):
    run = subprocess.run(
        [program, str(POINTS), str(DIMENSION), str(width)], check=True, capture_output=True, text=True
    )
    times.append(json.loads(run.stdout))


def pytorch(width, times):
    run = subprocess.run(
        [sys.executable, str(script), str(POINTS), str(DIMENSION), str(width), "2"],
        check=True, capture_output=True, text=True,
    )
    for line in run.stdout.splitlines():
        name, seconds, memory = line.rsplit(" ", 2)
        times.setdefault(name, []).append((float(seconds), float(memory)))


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


ours_at, theirs_at = {}, {}
for width in WIDTHS:
    ours_at[width], theirs_at[width] = [], {}
    for round in range(ROUNDS):
        print(f"width {width}, round {round + 1} of {ROUNDS}", file=sys.stderr)
        ours(width, ours_at[width])
        pytorch(width, theirs_at[width])
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
text = page.read_text()
head, rest = text.split(BEGIN)
page.write_text(f"{head}{BEGIN}\n\n{table}\n\n{END}{rest.split(END)[1]}")
print(table)
