"""How near generated images of one class are to real ones, on features [n, d] of both."""

import numpy as np

NEIGHBOURS = 5


def kernel_distance(real, fake):
    """KID (Binkowski et al., 2018): the unbiased MMD^2 of the kernel (x.y/d + 1)^3.

    About 0, of either sign, for two samples of one distribution.
    """
    within = off_diagonal_mean(cubic(real, real)) + off_diagonal_mean(cubic(fake, fake))
    return within - 2 * cubic(real, fake).mean()


def cubic(a, b):
    return (a @ b.T / a.shape[1] + 1) ** 3


def off_diagonal_mean(square):
    n = len(square)
    return (square.sum() - np.trace(square)) / (n * (n - 1))


def density_and_coverage(real, fake):
    """Naeem et al. (2020): how deep fakes lie among reals, and the share of reals with one near."""
    # The nearest of each to itself is itself.
    radii = np.sort(distances(real, real), axis=1)[:, NEIGHBOURS]
    between = distances(real, fake)
    is_inside = between < radii[:, None]
    return is_inside.sum(axis=0).mean() / NEIGHBOURS, (between.min(axis=1) < radii).mean()


def diversity_ratio(real, fake):
    """Mean distance of two fakes over that of two reals: 0 when all fakes are the same."""
    return off_diagonal_mean(distances(fake, fake)) / off_diagonal_mean(distances(real, real))


def distances(a, b):
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * (a @ b.T)
    return np.sqrt(np.maximum(squares, 0))
