"""Writes a thinned Fashion-MNIST as <out>/train/<class>/<index>.png: write_set.py NAME OUT"""

import os
import sys

import fashion_mnist

LARGEST, SMALLEST = 3000, 100
SETS = {
    # Classes that look alike.
    "fashion_hard5": {"tshirt": 1000, "pullover": 400, "dress": 150, "coat": 80, "shirt": 50},
    # Every class, the counts falling geometrically.
    "longtail10": {
        name: round(LARGEST * (SMALLEST / LARGEST) ** (rank / 9))
        for rank, name in enumerate(fashion_mnist.CLASSES)
    },
}

name, out = sys.argv[1:]
images, labels = fashion_mnist.read_part("train")
for label, count in SETS[name].items():
    # The full set is in random order already.
    members = images[labels == fashion_mnist.CLASSES.index(label)][:count]
    fashion_mnist.write_folder(os.path.join(out, "train", label), members)
