"""The networks and the step of dcgan.mjs in PyTorch."""

import torch
import torch.nn.functional as F

LATENT = 100
SIZES = {
    "small32": {
        "side": 32,
        "base": 4,
        "noise": 0.0,
        "generator": [128, 64, 32, 16],
        "last": 5,
        "leaky": False,
        "discriminator": [(3, 32, 2, False), (32, 64, 2, True), (64, 128, 2, True)],
    },
    "seed64": {
        "side": 64,
        "base": 8,
        "noise": 0.1,
        "generator": [1024, 512, 256, 128],
        "last": 4,
        "leaky": True,
        "discriminator": [
            (3, 128, 1, True),
            (128, 256, 2, True),
            (256, 512, 2, True),
            (512, 1024, 2, True),
        ],
    },
}


def weight(*shape):
    return torch.nn.Parameter(torch.randn(*shape) * 0.02)


def norm(channels):
    return [torch.nn.Parameter(torch.ones(channels)), torch.nn.Parameter(torch.zeros(channels))]


def batch_norm(x, gain, bias):
    return F.batch_norm(x, None, None, gain, bias, True, 0.1, 1e-5)


def leaky(x):
    return F.leaky_relu(x, 0.2, inplace=True)


def rectified(x):
    return F.relu(x, inplace=True)


def convolve(x, filters, bias, stride):
    """SAME padding as TensorFlow has it: the odd pixel at the end."""
    size = filters.shape[2]
    side = x.shape[2]
    total = max((-(-side // stride) - 1) * stride + size - side, 0)
    before, after = total // 2, total - total // 2
    if before == after:
        return F.conv2d(x, filters, bias, stride, before)
    return F.conv2d(F.pad(x, (before, after, before, after)), filters, bias, stride)


def open_step(name, batch, layout):
    size = SIZES[name]
    base, widths = size["base"], size["generator"]
    dense, dense_norm = weight(LATENT, base * base * widths[0]), norm(widths[0])
    blocks = [(weight(a, b, 4, 4), norm(b)) for a, b in zip(widths, widths[1:])]
    last = weight(3, widths[-1], size["last"], size["last"])
    last_bias = torch.nn.Parameter(torch.zeros(3))
    layers = [
        (
            weight(b, a, 5, 5),
            stride,
            norm(b) if has_norm else None,
            None if has_norm else torch.nn.Parameter(torch.zeros(b)),
        )
        for a, b, stride, has_norm in size["discriminator"]
    ]
    side = size["side"]
    for _, stride, _, _ in layers:
        side //= stride
    logit = weight(side * side * layers[-1][0].shape[0], 1)
    logit_bias = torch.nn.Parameter(torch.zeros(1))
    of_g = [dense, *dense_norm, *(p for w, n in blocks for p in (w, *n)), last, last_bias]
    of_d = [p for w, _, n, b in layers for p in (w, *(n or [b]))] + [logit, logit_bias]
    for parameter in of_g + of_d:
        if parameter.dim() == 4:
            parameter.data = parameter.data.contiguous(memory_format=layout)
    inner = leaky if size["leaky"] else rectified

    def generate(z):
        x = (z @ dense).view(-1, base, base, widths[0]).permute(0, 3, 1, 2)
        x = rectified(batch_norm(x.contiguous(memory_format=layout), *dense_norm))
        for filters, n in blocks:
            x = inner(batch_norm(F.conv_transpose2d(x, filters, None, 2, 1), *n))
        return torch.tanh(convolve(x, last, last_bias, 1))

    def judge(x):
        if size["noise"]:
            x = x + size["noise"] * torch.randn_like(x)
        for filters, stride, n, bias in layers:
            x = convolve(x, filters, bias, stride)
            x = leaky(batch_norm(x, *n) if n else x)
        return x.reshape(batch, -1) @ logit + logit_bias

    adam_d = torch.optim.Adam(of_d, lr=5e-5, betas=(0.5, 0.999))
    adam_g = torch.optim.Adam(of_g, lr=2e-4, betas=(0.5, 0.999))
    real = (torch.rand(batch, 3, size["side"], size["side"]) * 2 - 1).contiguous(
        memory_format=layout
    )

    def step():
        with torch.no_grad():
            fake = generate(torch.randn(batch, LATENT))
        loss_d = F.softplus(-judge(real)).mean() + F.softplus(judge(fake)).mean()
        update(adam_d, of_d, loss_d)
        loss_g = F.softplus(-judge(generate(torch.randn(batch, LATENT)))).mean()
        update(adam_g, of_g, loss_g)
        return float(loss_d), float(loss_g)

    return step


def update(optimizer, parameters, loss):
    """One step on the gradients of these parameters only."""
    for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
        parameter.grad = gradient
    optimizer.step()
