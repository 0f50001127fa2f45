"""An arm of the peer: trains and generates. peer.py (per-class|conditional) TRAIN COUNT OUT SECONDS...

TRAIN is a folder of <class>/*.png. After each of the SECONDS, smallest first, COUNT images of each
class are written to OUT/SECONDS/<class>/*.png. Per class, the seconds are shared equally. As in the
tutorial, the generator of that moment generates, with the statistics of the batch.
"""

import json
import os
import sys

import torch
import torch.nn.functional as F

import dcgan_tutorial
import fashion_mnist

if "openblas" not in open("/proc/self/maps").read():
    sys.exit("PyTorch runs on the reference BLAS here: apt-get install libopenblas0-pthread")
arm, folder, count, out, *seconds = sys.argv[1:]
count = int(count)
torch.set_num_threads(2)
torch.manual_seed(0)


def to_network(images):
    return torch.from_numpy(images)[:, None].float() / 127.5 - 1


def to_bytes(images):
    return ((images[:, 0] + 1) * 127.5).round().to(torch.uint8).numpy()


@torch.no_grad()
def write(net_g, moment, name, labels):
    """Writes the images of one class, `labels` being a batch of its one-hot labels."""
    batches = [dcgan_tutorial.generate(net_g, labels) for _ in range(-(-count // len(labels)))]
    images = to_bytes(torch.cat(batches)[:count])
    fashion_mnist.write_folder(os.path.join(out, moment, name), images)


train = fashion_mnist.read_folder(folder)
shown = dict.fromkeys(seconds, 0)
if arm == "per-class":
    nothing = torch.zeros(dcgan_tutorial.BATCH, 0)
    shares = [float(moment) / len(train) for moment in seconds]
    for name, images in train.items():
        labels = torch.zeros(len(images), 0)
        moments = dcgan_tutorial.train(to_network(images), labels, 0, shares)
        for moment, (net_g, seen) in zip(seconds, moments):
            shown[moment] += seen
            write(net_g, moment, name, nothing)
else:
    sizes = torch.tensor([len(images) for images in train.values()])
    labels = F.one_hot(torch.arange(len(train)).repeat_interleave(sizes)).float()
    images = torch.cat([to_network(images) for images in train.values()])
    moments = dcgan_tutorial.train(images, labels, len(train), [float(each) for each in seconds])
    for moment, (net_g, seen) in zip(seconds, moments):
        shown[moment] = seen
        for label, name in enumerate(train):
            one = torch.full((dcgan_tutorial.BATCH,), label)
            write(net_g, moment, name, F.one_hot(one, len(train)).float())
print(json.dumps({"shown": shown}))
