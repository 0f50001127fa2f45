"""The metrics of quality-eval in NumPy, float64, all at once: prints what its tests are compared with."""

import json

import numpy as np

K = 5


def waves(rows, dimensions, start, a, b):
    row, column = np.mgrid[:rows, :dimensions]
    return np.sin(start + row * a + column * b + 0.37 * row * column).astype(np.float32).astype(np.float64)


def distances(a, b):
    return np.sqrt(((a[:, None] - b[None]) ** 2).sum(-1))


def radii(a):
    return np.sort(distances(a, a), 1)[:, K]


def precision_recall(real, fake):
    between = distances(real, fake)
    precision = (between <= radii(real)[:, None]).any(0).mean()
    recall = (between <= radii(fake)[None]).any(1).mean()
    return precision, recall


def density_coverage(real, fake):
    inside = distances(real, fake) <= radii(real)[:, None]
    return inside.sum() / (K * len(fake)), inside.any(1).mean()


def mean_distance(a):
    return distances(a, a)[~np.eye(len(a), dtype=bool)].mean()


def frechet(x, y):
    a, b = np.cov(x.T), np.cov(y.T)
    roots = np.sqrt(np.maximum(np.linalg.eigvals(a @ b).real, 0))
    return ((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(a) + np.trace(b) - 2 * roots.sum()


def kernel_distance(x, y):
    kernel = lambda a, b: (a @ b.T / a.shape[1] + 1) ** 3
    mean_of_others = lambda k: k[~np.eye(len(k), dtype=bool)].mean()
    return mean_of_others(kernel(x, x)) + mean_of_others(kernel(y, y)) - 2 * kernel(x, y).mean()


def jensen_shannon(real, fake):
    value = np.log(1 / (1 + np.exp(-real))).mean() + np.log(1 - 1 / (1 + np.exp(-fake))).mean()
    return (value + 2 * np.log(2)) / 2


real, fake = waves(300, 8, 1, 7, 3), 0.7 * waves(270, 8, 2, 5, 11) + 0.4
fake = fake.astype(np.float32).astype(np.float64)
print(
    json.dumps(
        {
            "kernelDistance": kernel_distance(real, fake),
            "precision, recall": precision_recall(real, fake),
            "density, coverage": density_coverage(real, fake),
            "diversity": mean_distance(fake) / mean_distance(real),
            "frechet": frechet(real, fake),
            "jensenShannon": jensen_shannon(real[:, 0] + 1, fake[:, 0]),
        },
        indent=2,
    )
)
