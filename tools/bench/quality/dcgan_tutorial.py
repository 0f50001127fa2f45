"""The plain DCGAN (Radford, Metz, Chintala, 2016) in the sizes of PyTorch's tutorial, for 32x32.

Conditioning is the plain kind (Mirza, Osindero, 2014): a one-hot label beside z and, as planes,
beside the image. With no classes there is nothing beside them: the unconditional recipe.
"""

import time

import torch
import torch.nn.functional as F
from torch import nn

LATENT, WIDTH, BATCH = 100, 64, 128
LEARNING_RATE, BETAS = 2e-4, (0.5, 0.999)


def generator(classes):
    """[n, LATENT + classes, 1, 1] to [n, 1, 32, 32]."""
    return nn.Sequential(
        nn.ConvTranspose2d(LATENT + classes, WIDTH * 4, 4, 1, 0, bias=False),
        nn.BatchNorm2d(WIDTH * 4),
        nn.ReLU(True),
        nn.ConvTranspose2d(WIDTH * 4, WIDTH * 2, 4, 2, 1, bias=False),
        nn.BatchNorm2d(WIDTH * 2),
        nn.ReLU(True),
        nn.ConvTranspose2d(WIDTH * 2, WIDTH, 4, 2, 1, bias=False),
        nn.BatchNorm2d(WIDTH),
        nn.ReLU(True),
        nn.ConvTranspose2d(WIDTH, 1, 4, 2, 1, bias=False),
        nn.Tanh(),
    ).apply(initialise)


def discriminator(classes):
    """[n, 1 + classes, 32, 32] to logits [n, 1, 1, 1]."""
    return nn.Sequential(
        nn.Conv2d(1 + classes, WIDTH, 4, 2, 1, bias=False),
        nn.LeakyReLU(0.2, True),
        nn.Conv2d(WIDTH, WIDTH * 2, 4, 2, 1, bias=False),
        nn.BatchNorm2d(WIDTH * 2),
        nn.LeakyReLU(0.2, True),
        nn.Conv2d(WIDTH * 2, WIDTH * 4, 4, 2, 1, bias=False),
        nn.BatchNorm2d(WIDTH * 4),
        nn.LeakyReLU(0.2, True),
        nn.Conv2d(WIDTH * 4, 1, 4, 1, 0, bias=False),
    ).apply(initialise)


def initialise(layer):
    if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(layer.weight, 0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1, 0.02)
        nn.init.zeros_(layer.bias)


def train(images, labels, classes, budgets):
    """Trains on images [n, 1, 32, 32] in -1..1; labels [n, classes] are one-hot.

    Yields the generator and the number of real images shown so far after each of the budgets, in
    seconds of training, smallest first.
    """
    net_g, net_d = generator(classes), discriminator(classes)
    adam_g = torch.optim.Adam(net_g.parameters(), LEARNING_RATE, BETAS)
    adam_d = torch.optim.Adam(net_d.parameters(), LEARNING_RATE, BETAS)
    batches = endless_batches(len(images))
    spent, shown = 0.0, 0
    for budget in budgets:
        while spent < budget:
            start = time.perf_counter()
            batch = next(batches)
            step(net_g, net_d, adam_g, adam_d, images[batch], labels[batch])
            shown += len(batch)
            spent += time.perf_counter() - start
        yield net_g, shown


def endless_batches(count):
    while True:
        yield from torch.randperm(count).split(BATCH)


def step(net_g, net_d, adam_g, adam_d, real, labels):
    net_d.zero_grad()
    judged_as(1, judge(net_d, real, labels)).backward()
    fake = generate(net_g, labels)
    judged_as(0, judge(net_d, fake.detach(), labels)).backward()
    adam_d.step()

    net_g.zero_grad()
    judged_as(1, judge(net_d, fake, labels)).backward()
    adam_g.step()


def generate(net_g, labels):
    """Images [n, 1, 32, 32] for one-hot labels [n, classes]."""
    return net_g(torch.cat([torch.randn(len(labels), LATENT), labels], 1)[:, :, None, None])


def judge(net_d, images, labels):
    planes = labels[:, :, None, None].expand(-1, -1, *images.shape[2:])
    return net_d(torch.cat([images, planes], 1))


def judged_as(target, logits):
    """The tutorial's sigmoid and binary cross-entropy in one."""
    return F.binary_cross_entropy_with_logits(logits, torch.full_like(logits, target))
