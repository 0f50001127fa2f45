"""gan-core's networks and its training step (without the drawing of batches) in PyTorch."""

import torch
import torch.nn.functional as F

from dcgan import update

CLASSES, LATENT, EMBEDDING, LOGIT_GAIN = 10, 64, 64, 8
LECAM, ANCHOR_DECAY = 0.005, 0.99
SIZES = {
    "tiny32": (32, [128, 64, 32, 16], [128, 64, 32]),
    "base32": (32, [256, 128, 64, 32], [256, 128, 64]),
    "base64": (64, [512, 256, 128, 64, 32], [512, 256, 128, 64]),
}


def weight(*shape):
    return torch.nn.Parameter(torch.randn(*shape) * 0.02)


def filled(value, *shape):
    return torch.nn.Parameter(torch.full(shape, float(value)))


class Generator:
    def __init__(self, widths, layout):
        self.layout = layout
        self.embedding = torch.nn.Parameter(torch.randn(CLASSES, EMBEDDING))
        self.dense = weight(LATENT, 16 * widths[0])
        self.norms = [
            (filled(1, c), filled(0, c), weight(EMBEDDING, c), weight(EMBEDDING, c)) for c in widths
        ]
        self.filters = [weight(a, b, 4, 4) for a, b in zip(widths, widths[1:])]
        self.image, self.bias = weight(3, widths[-1], 3, 3), filled(0, 3)
        self.parameters = [
            self.embedding,
            self.dense,
            *(p for norm in self.norms for p in norm),
            *self.filters,
            self.image,
            self.bias,
        ]
        to_layout(self.parameters, layout)
        self.statistics = [(torch.zeros(c), torch.ones(c)) for c in widths]

    def __call__(self, z, labels, training=True):
        embedded = self.embedding[labels]
        x = (z @ self.dense).view(len(z), 4, 4, -1).permute(0, 3, 1, 2)
        x = x.contiguous(memory_format=self.layout)
        for block, (gain, bias, gain_of_class, bias_of_class) in enumerate(self.norms):
            if block:
                x = F.conv_transpose2d(x, self.filters[block - 1], None, 2, 1)
            gains = (gain + embedded @ gain_of_class)[:, :, None, None]
            biases = (bias + embedded @ bias_of_class)[:, :, None, None]
            mean, variance = (None, None) if training else self.statistics[block]
            x = F.batch_norm(x, mean, variance, None, None, training, 0.1, 1e-5)
            x = F.relu(torch.addcmul(biases, x, gains), inplace=True)
        return torch.tanh(F.conv2d(x, self.image, self.bias, 1, 1))


class Discriminator:
    def __init__(self, widths, layout):
        inputs = [3, *widths[:-1]]
        self.filters = [weight(b, a, 4, 4) for a, b in zip(inputs, widths)]
        self.biases = [filled(0, c) for c in widths]
        self.logit, self.bias = weight(widths[-1], 1), filled(0, 1)
        self.projection = weight(CLASSES, widths[-1])
        to_layout(self.filters, layout)
        self.normed = [*self.filters, self.logit, self.projection]
        self.vectors = [torch.randn(len(w)) for w in self.normed]
        self.parameters = [*self.normed, *self.biases, self.bias]

    def norm(self, keep):
        """The weights over their spectral norms, by one power iteration without gradients."""
        weights = []
        for i, tensor in enumerate(self.normed):
            matrix = tensor.flatten(1)
            with torch.no_grad():
                right = F.normalize(self.vectors[i] @ matrix, dim=0)
                left = F.normalize(matrix @ right, dim=0)
                if keep:
                    self.vectors[i] = left
            weights.append(tensor / torch.dot(left, matrix @ right))
        return weights

    def __call__(self, x, labels, weights):
        for filters, bias in zip(weights, self.biases):
            x = F.leaky_relu(F.conv2d(x, filters, bias, 2, 1), 0.2, inplace=True)
        features = x.sum((2, 3))
        logit, projection = weights[-2:]
        of_class = (projection[labels] * features).sum(1, keepdim=True)
        return LOGIT_GAIN * (features @ logit + self.bias + of_class)


def to_layout(tensors, layout):
    for tensor in tensors:
        if tensor.dim() == 4:
            tensor.data = tensor.data.contiguous(memory_format=layout)


def augment(x, draws):
    """DiffAugment's own code (Zhao et al., 2020), with the draws shared between uses."""
    colour, shift, centre = draws
    n, _, side, _ = x.shape
    brightness, saturation, contrast = (colour[:, i].view(n, 1, 1, 1) for i in range(3))
    x = x + (brightness - 0.5)
    grey = x.mean(1, keepdim=True)
    x = torch.lerp(grey, x, 2 * saturation)
    mean = x.mean((1, 2, 3), keepdim=True)
    x = torch.lerp(mean, x, contrast + 0.5)
    image, row, column = torch.meshgrid(
        torch.arange(n), torch.arange(side), torch.arange(side), indexing="ij"
    )
    row = torch.clamp(row + shift[0].view(n, 1, 1) + 1, 0, side + 1)
    column = torch.clamp(column + shift[1].view(n, 1, 1) + 1, 0, side + 1)
    padded = F.pad(x, (1, 1, 1, 1))
    x = padded.permute(0, 2, 3, 1).contiguous()[image, row, column].permute(0, 3, 1, 2)
    half = torch.arange(side // 2)
    image, row, column = torch.meshgrid(torch.arange(n), half, half, indexing="ij")
    row = torch.clamp(row + centre[0].view(n, 1, 1) - side // 4, 0, side - 1)
    column = torch.clamp(column + centre[1].view(n, 1, 1) - side // 4, 0, side - 1)
    mask = torch.ones(n, side, side)
    mask[image, row, column] = 0
    return x * mask.unsqueeze(1)


def draw(n, side):
    reach = side // 8
    shift = torch.randint(-reach, reach + 1, (2, n))
    return torch.rand(n, 3), shift, torch.randint(0, side, (2, n))


def open_step(name, batch, layout):
    side, widths_g, widths_d = SIZES[name]
    g, d = Generator(widths_g, layout), Discriminator(widths_d, layout)
    average = [p.detach().clone() for p in g.parameters]
    adam_g = torch.optim.Adam(g.parameters, lr=2e-4, betas=(0.5, 0.999))
    adam_d = torch.optim.Adam(d.parameters, lr=2e-4, betas=(0.5, 0.999))
    anchor_of_real, anchor_of_fake = torch.zeros(()), torch.zeros(())
    pixels = torch.randint(0, 256, (512, 3, side, side), dtype=torch.uint8)
    pixels = pixels.contiguous(memory_format=layout)

    def step():
        chosen = torch.randint(0, 512, (batch,))
        real = pixels[chosen].float() / 127.5 - 1
        real_labels, labels = chosen % CLASSES, torch.randint(0, CLASSES, (batch,))
        draws = draw(2 * batch, side)
        fake = g(torch.randn(batch, LATENT), labels)
        shown = augment(torch.cat([real, fake.detach()]), draws)
        logits = d(shown, torch.cat([real_labels, labels]), d.norm(keep=True))
        of_real, of_fake = logits[:batch], logits[batch:]
        loss_d = F.softplus(-of_real).mean() + F.softplus(of_fake).mean()
        lecam = F.mse_loss(of_real, anchor_of_fake.expand_as(of_real))
        lecam = lecam + F.mse_loss(of_fake, anchor_of_real.expand_as(of_fake))
        loss_d = loss_d + LECAM * lecam
        update(adam_d, d.parameters, loss_d)
        of_fakes = (draws[0][batch:], draws[1][:, batch:], draws[2][:, batch:])
        with torch.no_grad():
            weights = d.norm(keep=False)
        loss_g = F.softplus(-d(augment(fake, of_fakes), labels, weights)).mean()
        update(adam_g, g.parameters, loss_g)
        with torch.no_grad():
            for mean, parameter in zip(average, g.parameters):
                mean.lerp_(parameter, 0.01)
            anchor_of_real.lerp_(of_real.mean(), 1 - ANCHOR_DECAY)
            anchor_of_fake.lerp_(of_fake.mean(), 1 - ANCHOR_DECAY)
        return float(loss_d), float(loss_g)

    return step


def open_sampling(name, batch, layout):
    """Generated images as bytes, then their logits."""
    _, widths_g, widths_d = SIZES[name]
    g, d = Generator(widths_g, layout), Discriminator(widths_d, layout)
    labels = torch.zeros(batch, dtype=torch.long)

    @torch.inference_mode()
    def step():
        images = g(torch.randn(batch, LATENT), labels, training=False)
        pixels = ((images + 1) * 127.5).round().to(torch.uint8)
        return d(pixels.float() / 127.5 - 1, labels, d.norm(keep=False))

    return step
