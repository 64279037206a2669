"""Mean-field limits with two and three hidden layers on digits, by a program of its own.

    python layered_oracles.py digits.csv layered_oracles.csv

Numpy alone, single precision, plain matrices. Each limit is the mean of independent simulations by particles; the
file has the mean of test logits and its standard error for every eighth test point.

Setting: X = (pixel - 4.884) / 6.017, labels -1 for digits 0 to 4 and +1 else, the first 256 rows for training and the next 256
for testing; leaky ReLU of slope 0.1, no bias, Gaussian weights of deviations 1 / sqrt(3 D) (first layer) and
1 / sqrt(3) (hatted, last), reference width 128, logistic loss.
"""
import sys
import numpy as np

SLOPE, DEVIATION, WIDTH = 0.1, 3 ** -0.5, 128
SCALE = WIDTH ** 0.5
STEPS = [1, 2, 3, 5, 10, 20]


def digits(path):
    rows = np.loadtxt(path, delimiter=",", skiprows=1)
    x = ((rows[:, :64] - 4.884) / 6.017).astype(np.float32)
    y = np.where(rows[:, 64] < 5, -1, 1).astype(np.float32)
    return x[:256], y[:256], x[256:512]


def phi(z):
    return np.where(z >= 0, z, SLOPE * z).astype(np.float32)


def slope(z):
    return np.where(z >= 0, 1, SLOPE).astype(np.float32)


def gradient(y, f):
    return (-y / (1 + np.exp(y * f)) / len(y)).astype(np.float32)


def dual(k):
    """E[phi phi'], E[phi' phi'] of centred Gaussian pairs of covariance k (arc-cosine kernels, Cho and Saul 2009)."""
    d = np.diag(k)
    root = np.sqrt(np.maximum(d[:, None] * d[None] - k * k, 0))
    angle = np.arctan2(root, k)
    c = (1 - SLOPE) ** 2 / (2 * np.pi)
    derivative = (1 + SLOPE ** 2) / 2 - c * angle
    return c * root + k * derivative, derivative


def factor(k):
    k = k / np.mean(np.diag(k))
    jitter = 1e-12
    while True:
        try:
            return np.linalg.cholesky(k + jitter * np.eye(len(k)))
        except np.linalg.LinAlgError:
            jitter *= 10


def processes(x, layers):
    """Factors of the covariances of preactivations of layers 2 ... and of signals of layers 1 ... L - 1."""
    x = x.astype(float)
    k = x @ x.T * (DEVIATION ** 2 / x.shape[1])
    forward, derivatives = {}, {}
    for layer in range(1, layers + 1):
        value, derivatives[layer] = dual(k)
        if layer > 1:
            forward[layer] = factor(k)
        k = value
    backward, carried = {}, np.ones_like(k)
    for layer in range(layers - 1, 0, -1):
        carried = carried * derivatives[layer + 1]
        backward[layer] = factor(carried)
    return forward, backward


def network(w, v, a, x):
    z = [x @ w.T]
    h = [phi(z[0])]
    for m in v:
        z.append((SCALE / m.shape[1]) * (h[-1] @ m.T))
        h.append(phi(z[-1]))
    return z, h, (SCALE / len(a)) * (h[-1] @ a)


def signals(v, a, z):
    b = [a * slope(z[-1])]
    for m, below in zip(reversed(v), reversed(z[:-1])):
        b.insert(0, (SCALE / m.shape[0]) * (b[0] @ m) * slope(below))
    return b


def simulate(sizes, eta, rmsprop, data, laws, seed, smoothing=0.99):
    x, y, test = data
    forward, backward = laws
    layers, n = len(sizes), len(y)
    draw = np.random.default_rng(seed).standard_normal
    w = draw((sizes[0] // 2, x.shape[1]))
    w = (np.vstack([w, -w]) * DEVIATION / x.shape[1] ** 0.5).astype(np.float32)
    # Groups (a, G), (-a, G), (a, -G), (-a, -G), and the exact second moment of a.
    k = sizes[-1] // 4
    a = draw(k)
    a *= DEVIATION / np.sqrt(np.mean(a * a))
    last = draw((k, n)) @ forward[layers].T
    a = np.concatenate([a, -a, a, -a]).astype(np.float32)
    last = np.vstack([last, last, -last, -last])
    g = gradient(y, np.zeros(n))[:, None]
    first = x @ w.T
    h = [phi(first)] + [None] * (layers - 1)
    b = [None] * (layers - 1) + [a * slope(last.T)]
    h[-1] = phi(last.T)
    for layer in range(1, layers if rmsprop else 1):
        z = first if layer == 1 else (draw((sizes[layer - 1], n)) @ forward[layer].T).T
        b[layer - 1] = ((draw((sizes[layer - 1], n)) @ backward[layer].T).T * slope(z)).astype(np.float32)
        if layer > 1:
            h[layer - 1] = phi(z)
    sums = [(g * b[l + 1]).T @ h[l] for l in range(layers - 1)]
    if not rmsprop:
        v = [-eta * s for s in sums]
    else:
        first_step = eta / (1 - smoothing) ** 0.5
        v = [-SCALE * first_step * np.sign(s) for s in sums]
        w = w - first_step * np.sign((g * b[0]).T @ x)
        a = a - SCALE * first_step * np.sign(g[:, 0] @ h[-1])
        memory = [np.zeros_like(p) for p in [w, *v, a]]
        if layers == 2:
            memory[1] = (1 - smoothing) * sums[0] ** 2
    w, v, a = w.astype(np.float32), [m.astype(np.float32) for m in v], a.astype(np.float32)
    result = []
    for step in range(1, STEPS[-1] + 1):
        if step in STEPS:
            result.append(network(w, v, a, test)[2])
        z, h, f = network(w, v, a, x)
        g = gradient(y, f)[:, None]
        b = signals(v, a, z)
        sums = [(g * b[0]).T @ x] + [(g * b[l + 1]).T @ h[l] for l in range(layers - 1)] + [g[:, 0] @ h[-1]]
        parameters = [w, *v, a]
        if rmsprop:
            rates = [eta] + [eta * SCALE] * layers
            for p, s, m, rate in zip(parameters, sums, memory, rates):
                m *= smoothing
                m += (1 - smoothing) * s * s
                p -= rate * s / (np.sqrt(m) + 1e-37)
        else:
            for p, s, rate in zip(parameters, sums, [eta / SCALE] + [eta] * (layers - 1) + [eta * SCALE]):
                p -= rate * s
    return np.array(result)


LIMITS = {
    "gd2": ([2048, 1024], 0.2, False, 24),
    "rmsprop2": ([2048, 512], 5e-5, True, 24),
    "rmsprop3": ([1024, 1024, 256], 5e-5, True, 24),
}

if __name__ == "__main__":
    data = digits(sys.argv[1])
    with open(sys.argv[2], "w") as out:
        out.write("limit,step,point,mean,standard_error\n")
        for name, (sizes, eta, rmsprop, replicates) in LIMITS.items():
            laws = processes(data[0], len(sizes))
            runs = np.array([simulate(sizes, eta, rmsprop, data, laws, seed) for seed in range(replicates)])
            mean, error = runs.mean(0), runs.std(0, ddof=1) / replicates ** 0.5
            for i, step in enumerate(STEPS):
                for point in range(0, mean.shape[1], 8):
                    out.write(f"{name},{step},{point},{mean[i, point]:.6g},{error[i, point]:.3g}\n")
