"""Traffic of a step that is divided among processes, counted, and on paper its time on many machines.

    python compare_processes.py PROGRAM CONFIGURATIONS_FOLDER PAGE.md

Runs PROGRAM, built with the package trait MPI, in 1, 2 and 4 processes for two numbers of steps, on the handwritten
digits (n = 1000, D = 64). What the longer run has received more is that of its additional steps, and so is its
processor time. The rest is the model that the page describes.
"""

import json
import math
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

program, data, page = sys.argv[1:4]
BEGIN = "<!-- made by Scripts/compare-processes -->"
END = "<!-- end of what Scripts/compare-processes makes -->"
POINTS, FEATURES, REPLICATES, HALVES = 1000, 64, 8, 4
SHORT, LONG = 10, 30
# Stated, not measured: of one message, of a link, of one addition of a row that is handed on.
LATENCY, BANDWIDTH, ADDITION = 2e-6, 10e9, 1e-9
SEGMENT, BLOCK = 1024, 512
THREADS = 16


def configuration(steps, particles):
    return f"""
data: {{format: csv, train_path: {data}/digits.csv, classes: [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]], train: {POINTS}, test: 100, normalize: {{mean: 4.884, std: 6.017}}}}
network: {{activation: leaky_relu, slope: 0.1, reference_width: 128, initialization: gaussian}}
training: {{loss: logistic, learning_rate: 0.1, steps: {steps}}}
scaling: mean_field
limit: {{particles: {particles}, replicates: {REPLICATES}, design: independent}}
record: {{every: 1000000}}
"""


def run(processes, steps, particles):
    """Bytes that each process has received, and the processor time of all."""
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder) / "config.yaml"
        config.write_text(configuration(steps, particles))
        command = ["mpirun", "-n", str(processes), "--oversubscribe", "--bind-to", "none"] if processes > 1 else []
        command += [program, "limit", str(config), "-o", f"{folder}/run.nc", "--threads", "1", "--quiet", "--json"]
        command += ["--checkpoint-every", "0"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    received = json.loads(done.stdout)["received_bytes"] or [0]
    return received, after.ru_utime - before.ru_utime


def counted(processes):
    short, long = (run(processes, steps, 8192)[0] for steps in (SHORT, LONG))
    return [(b - a) / (LONG - SHORT) for a, b in zip(short, long)]


def formula(processes, points):
    """Most bytes that a process receives in a step: rows, totals and control variates, and votes."""
    total = 8 * processes
    for systems in (REPLICATES, HALVES):
        shares = [(rank * systems // processes, (rank + 1) * systems // processes) for rank in range(processes)]
        fewest = min(end - start for start, end in shares)
        cut = processes > systems or systems % processes != 0
        total += (8 * points if cut else 0) + 8 * points * (systems - fewest)
        total += 2 * 4 * points * (systems - fewest)
    return total


def step(processes, points, particles, compute):
    """Seconds of a step: computing, rows from process to process, and what is given to all."""
    rows = 0.0
    segments = math.ceil(points / SEGMENT)
    numbers = min(points, SEGMENT)
    for systems, share in ((REPLICATES, 1), (HALVES, 2 / REPLICATES)):
        if processes == 1 or systems % processes == 0:
            continue
        hops = math.ceil(processes / systems)
        blocks = math.ceil(particles * share / BLOCK)
        rows += (hops + segments - 1) * (LATENCY + 8 * numbers / BANDWIDTH + blocks * numbers * ADDITION)
    given = 0.0
    if processes > 1:
        ring = 4 * (processes - 1) * LATENCY + math.ceil(math.log2(processes)) * LATENCY
        given = ring + formula(processes, points) / BANDWIDTH
    return compute * particles / THREADS, rows, given


lines = []
for processes in (1, 2, 4):
    print(f"{processes} processes", file=sys.stderr)
    lines.append((processes, [round(x) for x in counted(processes)], formula(processes, POINTS) if processes > 1 else 0))

print("time of a step", file=sys.stderr)
MANY = 65536
times = []
for _ in range(3):
    times.append((run(1, LONG, MANY)[1] - run(1, SHORT, MANY)[1]) / (LONG - SHORT))
compute = min(times) / MANY

text = [
    f"Counted, n = {POINTS}, {REPLICATES} replicates and {HALVES} halves beside them, one output, with control variates,"
    f" mean of {LONG - SHORT} steps:",
    "",
    "| processes | received by each in a step, bytes | formula, at most |",
    "|---|---|---|",
    *(f"| {p} | {', '.join(f'{x:,}' for x in received)} | {bound:,} |" for p, received, bound in lines),
    "",
    f"Measured: {compute * 1e6:.2f} microseconds of one processor for a particle and step (n = {POINTS}, D = {FEATURES},"
    " by the weights themselves, halves included).",
    "",
]
for points, dimension, particles in ((1000, 64, 1_000_000), (50_000, 3072, 100_000)):
    scaled = compute * (points * dimension) / (POINTS * FEATURES)
    text += [
        f"n = {points:,}, {dimension} coordinates, {particles:,} particles on each process of {THREADS} threads:",
        "",
        "| processes | particles | computing, s | rows, s | given to all, s | step, s | of the time of one | received, MB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    alone = sum(step(1, points, particles, scaled))
    for processes in (1, 4, 16, 64, 256, 1000):
        parts = step(processes, points, particles, scaled)
        received = formula(processes, points) / 1e6 if processes > 1 else 0
        text.append(
            f"| {processes:,} | {processes * particles:.0e} | {parts[0]:.3f} | {parts[1]:.4f} | {parts[2]:.4f} |"
            f" {sum(parts):.3f} | {sum(parts) / alone:.3f} | {received:.2f} |"
        )
    text.append("")
table = "\n".join(text).strip()
file = pathlib.Path(page)
head, rest = file.read_text().split(BEGIN)
file.write_text(f"{head}{BEGIN}\n\n{table}\n\n{END}{rest.split(END)[1]}")
print(table)
