"""The peer of the metrics benchmark: the same four metrics in NumPy with BLAS, in blocks of rows."""

import json
import resource
import sys
import time

import numpy as np

K = 5
ROWS = 1000
images, dimensions = map(int, sys.argv[1:])
random = np.random.default_rng(1)
real, fake = random.standard_normal((2, images, dimensions), dtype=np.float32)


def blocks(a, b):
    """Squared distances of 1,000 rows of a to all of b at a time."""
    of_b = (b * b).sum(1)
    for start in range(0, len(a), ROWS):
        rows = a[start : start + ROWS]
        yield slice(start, start + len(rows)), (rows * rows).sum(1)[:, None] + of_b - 2 * (rows @ b.T)


def radii(a):
    return np.concatenate([np.partition(block, K, 1)[:, K] for _, block in blocks(a, a)])


start = time.perf_counter()
of_real, of_fake = radii(real), radii(fake)
precise = np.zeros(images, dtype=bool)
recalled, covered = np.zeros(images, dtype=bool), np.zeros(images, dtype=bool)
hits = 0
for rows, block in blocks(real, fake):
    inside = block <= of_real[rows, None]
    precise |= inside.any(0)
    covered[rows] = inside.any(1)
    hits += inside.sum()
    recalled[rows] = (block <= of_fake).any(1)
print(
    json.dumps(
        {
            "precision": float(precise.mean()),
            "recall": float(recalled.mean()),
            "density": float(hits / K / images),
            "coverage": float(covered.mean()),
            "seconds": time.perf_counter() - start,
            "residentMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    )
)
