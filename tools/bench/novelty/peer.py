"""The peer of the novelty benchmark: the same neighbour ratios by brute force in NumPy with BLAS, in blocks of rows."""

import json
import resource
import sys
import time

import numpy as np

NEIGHBOURS = 50
ROWS = 256
candidates, real, dimensions = map(int, sys.argv[1:])
random = np.random.default_rng(1)
queries = random.standard_normal((candidates, dimensions), dtype=np.float32)
train = random.standard_normal((real, dimensions), dtype=np.float32)

start = time.perf_counter()
norms = (train * train).sum(1)
ratios = np.empty(candidates)
for at in range(0, candidates, ROWS):
    rows = queries[at : at + ROWS]
    ranks = norms - 2 * (rows @ train.T)
    near = np.argpartition(ranks, NEIGHBOURS, 1)[:, : NEIGHBOURS + 1]
    distances = np.sort(np.sqrt(((train[near] - rows[:, None]) ** 2).sum(2)), 1)
    ratios[at : at + ROWS] = distances[:, 0] / distances[:, 1:].mean(1)
print(
    json.dumps(
        {
            "seconds": time.perf_counter() - start,
            "residentMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    )
)
