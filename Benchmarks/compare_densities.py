"""Times and errors of KDEpy's FFTKDE and scipy's gaussian_kde beside those of this package.

Run by Scripts/compare-densities: compare_densities.py DENSITIES FOLDER PAGE, with the program
`Densities`, a folder for samples and the Markdown page to write. Errors are against direct sums by
numpy at 64 grid points, relative to the peak. scipy's time is that of 16 grid points times their
number. All times are the best of several runs; KDEpy gets the faster of its two ways to name a grid.
"""

import itertools
import json
import os
import pathlib
import platform
import subprocess
import sys
import time

import KDEpy
import numpy as np
import scipy
from scipy.stats import gaussian_kde

FIRST = "<!-- made by Scripts/compare-densities -->"
LAST = "<!-- end of what Scripts/compare-densities makes -->"


def best(runs, body):
    """The least wall time, with the processor time of the same run and the last result."""
    least, processor, result = np.inf, np.inf, None
    for _ in range(runs):
        start, start_processor = time.perf_counter(), time.process_time()
        result = body()
        wall = time.perf_counter() - start
        if wall < least:
            least, processor = wall, time.process_time() - start_processor
    return least, processor, result


def direct(points, positions, bandwidth):
    """Sums over all points, in blocks."""
    sums = np.zeros(len(positions))
    for block in np.array_split(points, max(1, len(points) // 200_000)):
        for i, position in enumerate(positions):
            square = ((block - position) ** 2).sum(axis=1)
            sums[i] += np.exp(square / (-2 * bandwidth**2)).sum()
    dimensions = points.shape[1]
    return sums / len(points) / (2 * np.pi) ** (dimensions / 2) / bandwidth**dimensions


def compare(result):
    setting = result["setting"]
    shape, bandwidth = setting["shape"], setting["bandwidth"]
    points = np.fromfile(result["sample"]).reshape(-1, len(shape))
    axes = [np.linspace(*bounds) for bounds in zip(setting["lower"], setting["upper"], shape)]
    grid = np.array(list(itertools.product(*axes)))
    runs = 5 if len(points) <= 10**6 else 3

    def evaluate(target):
        return KDEpy.FFTKDE(bw=bandwidth).fit(points).evaluate(target)

    named = best(runs, lambda: evaluate(tuple(shape) if len(shape) > 1 else shape[0]))
    given = best(runs, lambda: evaluate(grid if len(shape) > 1 else axes[0]))
    kdepy = min(named[0], given[0])

    # Grid points spread over the bulk of the law, and the peak among them.
    ours = {name: np.fromfile(path) for name, path in result["values"].items()}
    peak = ours["spectral"].max()
    bulk = np.flatnonzero(ours["spectral"] > 1e-3 * peak)
    chosen = bulk[np.linspace(0, len(bulk) - 1, 64).astype(int)]
    exact = direct(points, grid[chosen], bandwidth)
    errors = {name: np.abs(v[chosen] - exact).max() / peak for name, v in ours.items()}
    kdepy_error = np.abs(given[2][chosen] - exact).max() / peak

    factor = bandwidth / points.std(axis=0, ddof=1).mean()
    kde = gaussian_kde(points.T, bw_method=factor)
    scipy_time = best(1, lambda: kde(grid[chosen[::4]].T))[0] / 16 * len(grid)

    def row(name, wall, processor, error):
        speed = f"{kdepy / wall:.1f}"
        return f"| {name} | {wall * 1e3:.4g} | {processor} | {error} | {speed} |"

    lines = [
        f"### {setting['name']}",
        "",
        "| estimator | time (ms) | processor time / time | error / peak | KDEpy's time / time |",
        "| --- | --- | --- | --- | --- |",
    ]
    for timing in result["timings"]:
        threads = "one thread" if timing["threads"] == 1 else f"{timing['threads']} threads"
        lines.append(
            row(
                f"InfiniteWidth, {timing['accuracy']}, {threads}",
                timing["wall"],
                f"{timing['processor'] / timing['wall']:.2f}",
                f"{errors[timing['accuracy']]:.1e}",
            )
        )
    lines.append(row("KDEpy FFTKDE", kdepy, "1", f"{kdepy_error:.1e}"))
    lines.append(row("scipy gaussian_kde", scipy_time, "", "direct sum"))
    return "\n".join(lines)


def memory(program, count):
    output = subprocess.run([program, "memory", str(count)], check=True, capture_output=True)
    return int(output.stdout) / 2**20


def main():
    program, folder, page = sys.argv[1:]
    subprocess.run([program, "times", folder], check=True)
    results = json.loads(pathlib.Path(folder, "times.json").read_text())
    parts = [compare(result) for result in results]
    small, large = memory(program, 10**6), memory(program, 10**7)
    parts.append(
        f"Largest memory of the whole program with points that pass through in blocks of 2^18: "
        f"{small:.0f} MiB for 10^6 points, {large:.0f} MiB for 10^7."
    )
    parts.append(
        f"{os.cpu_count()} processors ({platform.machine()}); Python {platform.python_version()}, "
        f"numpy {np.__version__}, scipy {scipy.__version__}, KDEpy {KDEpy.__version__}."
    )
    made = f"{FIRST}\n\n" + "\n\n".join(parts) + f"\n\n{LAST}"
    print(made)
    path = pathlib.Path(page)
    text = path.read_text() if path.exists() else "# Densities beside other estimators\n\n"
    if FIRST in text and LAST in text:
        text = text[: text.index(FIRST)] + made + text[text.index(LAST) + len(LAST) :]
    else:
        text += made + "\n"
    path.write_text(text)


main()
