"""Measures the images of every arm alike: measure.py EXTRACTOR (FOLDER | --floor CLASS...)

FOLDER holds <class>/*.png. Each class is compared with its images in the test part of the full
set, on standardised features of the neutral extractor. The floor is what real train images of
these classes come to.
"""

import json
import sys

import numpy as np

import extractor as judge
import fashion_mnist
import metrics

FLOOR_IMAGES = 1000

file, *source = sys.argv[1:]
extractor = judge.load(file)
train_images, train_labels = fashion_mnist.read_part("train")
test_images, test_labels = fashion_mnist.read_part("test")
if source[0] == "--floor":
    images = {
        name: train_images[train_labels == fashion_mnist.CLASSES.index(name)][:FLOOR_IMAGES]
        for name in source[1:]
    }
else:
    images = fashion_mnist.read_folder(source[0])

test_features, _ = judge.describe(extractor, test_images)
mean, deviation = test_features.mean(axis=0), test_features.std(axis=0) + 1e-6


def standardise(features):
    return (features.astype(np.float64) - mean) / deviation


def measure(name, fakes):
    label = fashion_mnist.CLASSES.index(name)
    features, logits = judge.describe(extractor, fakes)
    real, fake = standardise(test_features[test_labels == label]), standardise(features)
    density, coverage = metrics.density_and_coverage(real, fake)
    return {
        "kid": metrics.kernel_distance(real, fake),
        "density": density,
        "coverage": coverage,
        "accuracy": (logits.argmax(1) == label).mean(),
        "diversity": metrics.diversity_ratio(real, fake),
    }


classes = {name: measure(name, fakes) for name, fakes in images.items()}
print(json.dumps({"classes": classes}))
