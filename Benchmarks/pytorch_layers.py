"""One full-batch step of RMSProp of a network of several hidden layers of width N in PyTorch, for Scripts/compare-layers.

    python pytorch_layers.py POINTS DIMENSION WIDTH LAYERS THREADS

Single precision, leaky ReLU of slope 0.1, logistic loss, the same step twice: with autograd and
torch.optim.RMSprop as practitioners write it, and by hand without autograd, in place where PyTorch allows it. Prints a
line for each: name, seconds of the fastest of the timed steps, peak memory of the process so far in bytes.
"""

import resource
import sys

import torch
import torch.nn.functional as functional

from page import seconds_of_fastest

points, dimension, width, layers, threads = map(int, sys.argv[1:6])
torch.set_num_threads(threads)
torch.manual_seed(1)
inputs = torch.randn(points, dimension)
labels = torch.sign(torch.randn(points))
# Mean-field scaling around the width 128: every mean over a layer has the factor sqrt(128) / width.
scale = 128.0**0.5 / width
rate, smoothing, epsilon = 5e-5, 0.99, 1e-30


def initial_weights():
    generator = torch.Generator().manual_seed(2)
    sizes = [dimension] + [width] * layers
    weights = [torch.randn(m, n, generator=generator) / 3**0.5 for n, m in zip(sizes, sizes[1:])]
    weights[0] /= dimension**0.5
    return weights + [torch.randn(1, width, generator=generator) / 3**0.5]


def with_autograd():
    weights = [w.requires_grad_() for w in initial_weights()]
    optimizer = torch.optim.RMSprop(weights, lr=rate, alpha=smoothing, eps=epsilon)

    def step():
        optimizer.zero_grad(set_to_none=True)
        h = functional.leaky_relu(inputs @ weights[0].T, 0.1)
        for w in weights[1:-1]:
            h = functional.leaky_relu(scale * (h @ w.T), 0.1)
        logits = scale * (h @ weights[-1].T)[:, 0]
        functional.softplus(-labels * logits).mean().backward()
        optimizer.step()

    return step


def by_hand():
    weights = initial_weights()
    squares = [torch.zeros_like(w) for w in weights]
    gradients = [torch.empty_like(w) for w in weights]
    values = [torch.empty(points, width) for _ in range(layers)]
    masks = [torch.empty(points, width) for _ in range(layers)]
    back = torch.empty(points, width)
    slopes = torch.tensor(0.1), torch.tensor(1.0)

    def step():
        with torch.no_grad():
            below = inputs
            for l in range(layers):
                torch.mm(below, weights[l].T, out=values[l])
                if l > 0:
                    values[l].mul_(scale)
                torch.where(values[l] > 0, slopes[1], slopes[0], out=masks[l])
                values[l].mul_(masks[l])
                below = values[l]
            logits = scale * (below @ weights[-1].T)[:, 0]
            gradient = -labels * torch.sigmoid(-labels * logits) / points
            torch.mm(gradient[None, :], below, out=gradients[-1]).mul_(scale)
            signal = masks[-1].mul_(gradient[:, None]).mul_(weights[-1]).mul_(scale)
            for l in reversed(range(layers)):
                torch.mm(signal.T, inputs if l == 0 else values[l - 1], out=gradients[l])
                if l > 0:
                    gradients[l].mul_(scale)
                    torch.mm(signal, weights[l], out=back)
                    signal = masks[l - 1].mul_(back).mul_(scale)
            for w, square, g in zip(weights, squares, gradients):
                square.mul_(smoothing).addcmul_(g, g, value=1 - smoothing)
                w.addcdiv_(g, square.sqrt().add_(epsilon), value=-rate)

    return step


for name, make in (("by hand", by_hand), ("autograd", with_autograd)):
    seconds = seconds_of_fastest(make())
    print(name, seconds, 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
