"""The full Fashion-MNIST (Xiao, Rasul, Vollgraf, 2017) of Debian's dataset-fashion-mnist."""

import gzip
import os
import sys

import numpy as np
from PIL import Image

FOLDER = "/usr/share/datasets/fashion-mnist"
CLASSES = [
    "tshirt",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "boot",
]
BORDER = 2


def read_part(part):
    """Images [n, 32, 32] of bytes, bordered as in examples/fashion5, and class numbers [n]."""
    prefix = {"train": "train", "test": "t10k"}[part]
    images = read_bytes(f"{prefix}-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)
    labels = read_bytes(f"{prefix}-labels-idx1-ubyte.gz", 8)
    return np.pad(images, ((0, 0), (BORDER, BORDER), (BORDER, BORDER))), labels


def read_bytes(name, header):
    path = os.path.join(FOLDER, name)
    if not os.path.exists(path):
        sys.exit(f"There is no {path}: apt-get install dataset-fashion-mnist")
    with gzip.open(path) as file:
        return np.frombuffer(bytearray(file.read()), np.uint8, offset=header)


def read_folder(folder):
    """The images of <class>/*.png by class name, each [n, 32, 32] of bytes."""
    images = {}
    for name in sorted(os.listdir(folder)):
        files = sorted(os.listdir(os.path.join(folder, name)))
        images[name] = np.stack([read_image(os.path.join(folder, name, file)) for file in files])
    return images


def read_image(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


def write_folder(folder, images):
    """Writes images [n, 32, 32] of bytes to <folder>/<index>.png."""
    os.makedirs(folder)
    for index, image in enumerate(images):
        Image.fromarray(image).save(os.path.join(folder, f"{index:06}.png"))
