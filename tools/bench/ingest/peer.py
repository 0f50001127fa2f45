"""The peer of the ingest benchmark: torchvision's ImageFolder and DataLoader with PIL, in one process."""

import json
import resource
import sys
import time

import torch
from torchvision import datasets, transforms

torch.set_num_threads(1)
folder, size = sys.argv[1], int(sys.argv[2])
start = time.perf_counter()
images = datasets.ImageFolder(
    folder,
    transforms.Compose(
        [transforms.Resize(size), transforms.CenterCrop(size), transforms.ToTensor()]
    ),
)
count = 0
for batch, _labels in torch.utils.data.DataLoader(images, batch_size=64, num_workers=0):
    count += len(batch)
print(
    json.dumps(
        {
            "images": count,
            "seconds": time.perf_counter() - start,
            "residentMB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    )
)
