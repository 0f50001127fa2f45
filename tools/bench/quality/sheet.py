"""Draws the first eight images of each class, a row a class: sheet.py FOLDER OUT.png"""

import sys

import numpy as np
from PIL import Image, ImageDraw

import fashion_mnist

PER_CLASS, SCALE, GAP = 8, 2, 2
NAME_WIDTH = 60

folder, out = sys.argv[1:]
classes = fashion_mnist.read_folder(folder)
cell = next(iter(classes.values())).shape[1] * SCALE + GAP
sheet = Image.new("L", (NAME_WIDTH + PER_CLASS * cell, len(classes) * cell), 255)
draw = ImageDraw.Draw(sheet)
for row, (name, images) in enumerate(classes.items()):
    draw.text((4, row * cell + cell // 2 - 6), name, fill=0)
    for column, image in enumerate(images[:PER_CLASS]):
        large = np.kron(image, np.ones((SCALE, SCALE), np.uint8))
        sheet.paste(Image.fromarray(large), (NAME_WIDTH + column * cell, row * cell))
sheet.save(out)
