"""What the programs that time this package beside others have in common: the machine's name, tables that take their
place in a page, and this package's own times, a line of JSON."""

import json
import pathlib
import platform
import subprocess
import sys
import time


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def write_table(page, script, table):
    """Replaces what is between the two marks of `script`."""
    begin, end = f"<!-- made by {script} -->", f"<!-- end of what {script} makes -->"
    head, rest = page.read_text().split(begin)
    page.write_text(f"{head}{begin}\n\n{table}\n\n{end}{rest.split(end)[1]}")
    print(table)


def last_line(command, **options):
    """What a program says in its last line."""
    run = subprocess.run(command, check=True, capture_output=True, text=True, **options)
    return json.loads(run.stdout.splitlines()[-1])


def torch_times(script, *sizes, times):
    """Adds what a program of PyTorch says: a line for each way, with its name, seconds and bytes."""
    run = subprocess.run(
        [sys.executable, str(pathlib.Path(__file__).with_name(script)), *map(str, sizes)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    for line in run.stdout.splitlines():
        name, seconds, memory = line.rsplit(" ", 2)
        times.setdefault(name, []).append((float(seconds), float(memory)))


def seconds_of_fastest(step, warm_up=2, timed=6):
    for _ in range(warm_up):
        step()
    best = float("inf")
    for _ in range(timed):
        start = time.perf_counter()
        step()
        best = min(best, time.perf_counter() - start)
    return best
