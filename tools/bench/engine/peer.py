"""The peer of the engine benchmark: the same work in PyTorch. peer.py WORK BATCH SECONDS [channels_last]"""

import json
import resource
import sys
import time

import torch

import cdcgan
import dcgan

if "openblas" not in open("/proc/self/maps").read():
    sys.exit("PyTorch runs on the reference BLAS here: apt-get install libopenblas0-pthread")
torch.set_num_threads(2)
torch.manual_seed(0)
work, batch, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
layout = torch.channels_last if "channels_last" in sys.argv else torch.contiguous_format
if work == "sampling":
    step = cdcgan.open_sampling("base32", batch, layout)
elif work in dcgan.SIZES:
    step = dcgan.open_step(work, batch, layout)
else:
    step = cdcgan.open_step(work, batch, layout)

WARM_UP, FEWEST = 1 if work == "seed64" else 5, 2
for _ in range(WARM_UP):
    step()
times = []
start = time.perf_counter()
while len(times) < FEWEST or time.perf_counter() - start < seconds:
    begin = time.perf_counter()
    step()
    times.append(time.perf_counter() - begin)
print(
    json.dumps(
        {
            "imagesPerSecond": batch / sorted(times)[len(times) // 2],
            "residentMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    )
)
