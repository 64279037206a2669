#!/usr/bin/env python3
"""One figure of a limit, of networks beside it and of the law of the weights, with xarray.

    pip install -r data/recipes/requirements.txt
    Scripts/run
    python data/recipes/xarray_figure.py output/digits overview.svg

FOLDER has run.nc (infwidth limit), nets.nc (infwidth train), cmp.nc (infwidth compare) and density.nc
(infwidth density) of one experiment. The ending of FIGURE is its format.
"""

import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr

# The same numbers make the same bytes.
plt.rcParams["svg.hashsalt"] = "infwidth"
plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "axes.spines.right": False})


def law(axes, density):
    """The density of the output weight at each snapshot, the first one filled."""
    density = density.swap_dims(snapshot="step").density
    colours = plt.cm.viridis(np.linspace(0.1, 0.9, density.sizes["step"]))
    first = density.isel(step=0)
    axes.fill_between(first.a, first, color="0.85")
    for colour, (step, curve) in zip(colours, density.groupby("step")):
        axes.plot(curve.a, curve.squeeze(), color=colour, lw=1.2, label=f"step {step}")
    axes.set(title="the law moves", xlabel="output weight a", ylabel="density")
    axes.legend(frameon=False, fontsize=7)


def loss(axes, run, nets):
    """Test loss: networks as mean and standard deviation over seeds, the limit with two standard errors."""
    steps = nets.step
    colours = plt.cm.plasma(np.linspace(0.85, 0.15, nets.sizes["width"]))
    for colour, width in zip(colours, nets.width.values):
        seeds = nets.test_loss.sel(width=width)
        mean, deviation = seeds.mean("seed"), seeds.std("seed", ddof=1)
        axes.fill_between(steps, mean - deviation, mean + deviation, color=colour, alpha=0.25, lw=0)
        axes.plot(steps, mean, color=colour, lw=1, label=f"d = {width}")
    limit = run.test_loss.mean("realization")
    error = 2 * run.test_loss_standard_error.mean("realization")
    axes.fill_between(run.step, limit - error, limit + error, color="black", alpha=0.4, lw=0)
    axes.plot(run.step, limit, color="black", lw=1.2, label="limit")
    axes.set(title="networks follow it", xlabel="training step", ylabel="test loss")
    axes.legend(frameon=False, fontsize=7)


def gap(axes, comparison):
    """The gap of the logits over the width, and the power of the width that was fitted to it."""
    metric = comparison.sel(metric="logit_rms_gap")
    axes.errorbar(
        comparison.width, metric.rate_value, yerr=2 * metric.rate_value_stderr, fmt="o", ms=4,
        color="C0", capsize=2, label="networks, 2 standard errors")
    exponent, error = float(metric.rate), float(metric.rate_stderr)
    if np.isfinite(exponent):
        power = np.exp(float(metric.rate_intercept)) * comparison.width**exponent
        axes.plot(comparison.width, power, color="C0", lw=1, label=f"width^({exponent:.2f} ± {error:.2f})")
    axes.axhline(float(metric.rate_limit_error), color="0.5", ls="--", lw=1, label="the limit's own error")
    axes.set(
        xscale="log", yscale="log", title=f"at a measured rate (step {int(metric.rate_step)})",
        xlabel="width d", ylabel="RMS gap of the test logits")
    axes.legend(frameon=False, fontsize=7)
    return exponent, error


def main(folder, figure):
    folder = pathlib.Path(folder)
    run = xr.open_dataset(folder / "run.nc")
    nets = xr.open_dataset(folder / "nets.nc")
    comparison = xr.open_dataset(folder / "cmp.nc")
    density = xr.open_dataset(folder / "density.nc", group="a")
    drawing, axes = plt.subplots(1, 3, figsize=(10, 3.1), layout="constrained")
    law(axes[0], density)
    loss(axes[1], run, nets)
    exponent, error = gap(axes[2], comparison)
    drawing.savefig(figure, metadata={"Date": None} if figure.endswith(".svg") else None)
    print(f"{run.limit}: test loss {float(run.test_loss.isel(step=-1).mean()):.6f} at step {int(run.step[-1])}")
    print(f"logit_rms_gap: exponent {exponent:.6f}, standard error {error:.6f}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: xarray_figure.py FOLDER FIGURE")
    main(*sys.argv[1:])
