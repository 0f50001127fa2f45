"""The neutral judge: a small classifier of all 60,000 train images that no generator ever sees.

extractor.py FILE trains and writes it.
"""

import json
import sys

import torch
import torch.nn.functional as F
from torch import nn

import fashion_mnist

EPOCHS, BATCH, LEARNING_RATE = 8, 128, 4e-3
LEAST_ACCURACY = 0.91
FEATURES = 128


class Extractor(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            *block(1, 24, 2),
            *block(24, 48, 2),
            *block(48, 96, 1),
            *block(96, 128, 2),
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(128 * 4 * 4, FEATURES),
            nn.ReLU(True),
        )
        self.head = nn.Linear(FEATURES, len(fashion_mnist.CLASSES))

    def forward(self, images):
        """Images [n, 1, 32, 32] in 0..1 to features [n, FEATURES] and logits [n, 10]."""
        features = self.layers(images)
        return features, self.head(features)


def block(inputs, outputs, stride):
    convolution = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
    return convolution, nn.BatchNorm2d(outputs), nn.ReLU(True)


def describe(extractor, images):
    """Features [n, FEATURES] and logits [n, 10], as arrays, of images [n, 32, 32] of bytes."""
    extractor.eval()
    with torch.no_grad():
        parts = [extractor(to_network(part)) for part in torch.from_numpy(images).split(500)]
    return [torch.cat(kind).numpy() for kind in zip(*parts)]


def load(file):
    extractor = Extractor()
    extractor.load_state_dict(torch.load(file))
    return extractor


def to_network(images):
    return images[:, None].float() / 255


def train():
    torch.manual_seed(0)
    images, labels = (torch.from_numpy(array) for array in fashion_mnist.read_part("train"))
    extractor = Extractor()
    optimizer = torch.optim.Adam(extractor.parameters())
    steps = EPOCHS * -(-len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(images)).split(BATCH):
            _, logits = extractor(to_network(images[batch]))
            optimizer.zero_grad()
            F.cross_entropy(logits, labels[batch].long()).backward()
            optimizer.step()
            schedule.step()
    return extractor


def accuracy(extractor):
    images, labels = fashion_mnist.read_part("test")
    return (describe(extractor, images)[1].argmax(1) == labels).mean()


if __name__ == "__main__":
    torch.set_num_threads(2)
    extractor = train()
    reached = accuracy(extractor)
    if reached < LEAST_ACCURACY:
        sys.exit(f"The extractor is right on {reached:.1%} of the test images only.")
    torch.save(extractor.state_dict(), sys.argv[1])
    print(json.dumps({"accuracy": reached}))
