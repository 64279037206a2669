"""One full-batch gradient step of a network of width N in PyTorch, for Scripts/compare-steps.

    python pytorch_step.py POINTS DIMENSION WIDTH THREADS

Single precision, leaky ReLU of slope 0.1, logistic loss, the same step twice: with autograd
and torch.optim.SGD as practitioners write it, and by hand without autograd, in place where PyTorch
allows it. Prints a line for each: name, seconds of the fastest of the timed steps, peak memory of
the process so far in bytes.
"""

import resource
import sys

import torch
import torch.nn.functional as functional

from page import seconds_of_fastest

points, dimension, width, threads = map(int, sys.argv[1:5])
torch.set_num_threads(threads)
torch.manual_seed(1)
inputs = torch.randn(points, dimension)
labels = torch.sign(torch.randn(points))
scale = 128.0**0.5 / width
rate = 0.02


def initial_weights():
    generator = torch.Generator().manual_seed(2)
    hidden = torch.randn(width, dimension, generator=generator) / (3 * dimension) ** 0.5
    output = torch.randn(width, generator=generator) / 3**0.5
    return hidden, output


def with_autograd():
    hidden, output = (weights.requires_grad_() for weights in initial_weights())
    # Hatted step sizes of the mean-field limit: one learning rate for each layer.
    optimizer = torch.optim.SGD(
        [
            {"params": [hidden], "lr": rate * width},
            {"params": [output], "lr": rate * width * 128.0},
        ],
        lr=rate,
    )

    def step():
        optimizer.zero_grad(set_to_none=True)
        logits = scale * functional.leaky_relu(inputs @ hidden.T, 0.1) @ output
        functional.softplus(-labels * logits).mean().backward()
        optimizer.step()

    return step


def by_hand():
    hidden, output = initial_weights()
    features = torch.empty(points, width)
    masks = torch.empty(points, width)
    slopes = torch.tensor(0.1), torch.tensor(1.0)

    def step():
        with torch.no_grad():
            torch.mm(inputs, hidden.T, out=features)
            torch.where(features > 0, slopes[1], slopes[0], out=masks)
            features.mul_(masks)
            logits = scale * (features @ output)
            gradient = -labels * torch.sigmoid(-labels * logits) / points
            change = torch.mv(features.T, gradient)
            masks.mul_(gradient[:, None]).mul_(output[None, :])
            hidden.addmm_(masks.T, inputs, alpha=-rate * width * scale)
            output.sub_(change, alpha=rate * width * 128.0 * scale)

    return step


for name, make in (("by hand", by_hand), ("autograd", with_autograd)):
    seconds = seconds_of_fastest(make())
    print(name, seconds, 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
