"""Group normalisation of images, forward and backward: channels in groups, each example by itself."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass
from grader.bank.regularization.invariants import GROUPS
from grader.judging import array, drawn, styled

SPLITS = ((2, 3), (3, 2), (2, 2), (3, 1), (1, 3), (2, 4))
"""Pairs of the number of groups and that of channels in each, by the recipe's seed."""
AXES = ("example", "channel", "row", "column")
PIXELS = ((2, 3), (3, 1), (1, 2), (3, 2), (1, 1))
"""Heights and widths."""


def images(m):
    """Draw images (N, C, H, W) whose C is the number of groups times that of channels in each; few entries, all told."""
    seed = m.recipe.seed
    (g, k), (h, w) = SPLITS[seed % len(SPLITS)], PIXELS[seed % len(PIXELS)]
    m.dims |= {"N": 1 + m.recipe.sizes[0] % 3, "G": g, "C": g * k, "H": h, "W": w}
    return styled(m.recipe.style, m.rng, (m.dims["N"], g * k, h, w))


IMAGES = {
    "x": drawn(images),
    "gamma": array("1", "C", "1", "1"),
    "beta": array("1", "C", "1", "1"),
    "G": drawn(lambda m: m.size("G")),
    "gn_param": drawn(lambda m: {"eps": round(float(m.rng.uniform(1e-4, 0.5)), 4)} if m.recipe.seed % 2 else {}),
}

spatial_groupnorm_forward = forward_pass("regularization.spatial_groupnorm_forward", IMAGES, 3, places={"out": AXES})


def in_groups(x, G, neighbours=True):
    """Return (N, G, -1): the channels of a group are neighbours, or lie G apart."""
    n, c, h, w = x.shape
    return x.reshape(n, G, -1) if neighbours else x.reshape(n, c // G, G, h * w).swapaxes(1, 2).reshape(n, G, -1)


def out_of_groups(grouped, shape, neighbours=True):
    """Return (N, C, H, W) from (N, G, -1)."""
    if neighbours:
        return grouped.reshape(shape)
    n, c, h, w = shape
    G = grouped.shape[1]
    return grouped.reshape(n, G, c // G, h * w).swapaxes(1, 2).reshape(shape)


def normalised_groups(
    x, gamma, beta, G, gn_param, axis=2, neighbours=True, ddof=0, root=lambda var, eps: np.sqrt(var + eps)
):
    """Return out and a cache: normalised along ``axis`` of (N, G, -1), divided by ``root(var, eps)``."""
    grouped = in_groups(x, G, neighbours)
    centred = grouped - grouped.mean(axis=axis, keepdims=True)
    var = (centred**2).mean(axis=axis, keepdims=True)
    if ddof:
        var = (
            var * grouped.shape[2] / np.float64(grouped.shape[2] - ddof)
        )  # of one entry it is 0/0, as with numpy's ddof
    std = root(var, gn_param.get("eps", 1e-5))
    x_hat = out_of_groups(centred / std, x.shape, neighbours)
    return gamma * x_hat + beta, (x_hat, gamma, np.broadcast_to(std, (len(x), G, 1)), G)


@spatial_groupnorm_forward.mistake("The channels of a group lie G apart: they are to be neighbours.")
def interleaves_channels(x, gamma, beta, G, gn_param):
    return normalised_groups(x, gamma, beta, G, gn_param, neighbours=False)


@spatial_groupnorm_forward.mistake(
    "Each channel is normalised by itself: that is an instance norm, with a group for each channel."
)
def normalises_channels(x, gamma, beta, G, gn_param):
    out, (x_hat, gamma, _, _) = normalised_groups(x, gamma, beta, x.shape[1], gn_param)
    return out, (x_hat, gamma, np.ones((len(x), G, 1)), G)


@spatial_groupnorm_forward.mistake(
    "All channels of an example are normalised together: that is a layer norm, with one group."
)
def normalises_all_channels(x, gamma, beta, G, gn_param):
    out, (x_hat, gamma, _, _) = normalised_groups(x, gamma, beta, 1, gn_param)
    return out, (x_hat, gamma, np.ones((len(x), G, 1)), G)


@spatial_groupnorm_forward.mistake("The mean of a group runs over the batch too: each example has its own.")
def normalises_over_the_batch_too(x, gamma, beta, G, gn_param):
    return normalised_groups(x, gamma, beta, G, gn_param, axis=(0, 2))


@spatial_groupnorm_forward.mistake("G was taken as the number of channels in a group: it is the number of groups.")
def takes_g_as_the_size(x, gamma, beta, G, gn_param):
    out, (x_hat, gamma, _, _) = normalised_groups(x, gamma, beta, x.shape[1] // G, gn_param)
    return out, (x_hat, gamma, np.ones((len(x), G, 1)), G)


@spatial_groupnorm_forward.mistake("The variance is divided by the count less one: this norm divides by the count.")
def divides_groups_by_one_less(x, gamma, beta, G, gn_param):
    return normalised_groups(x, gamma, beta, G, gn_param, ddof=1)


@spatial_groupnorm_forward.mistake(
    "eps is added to the standard deviation: its place is beside the variance, under the root."
)
def puts_eps_outside_in_groups(x, gamma, beta, G, gn_param):
    return normalised_groups(x, gamma, beta, G, gn_param, root=lambda var, eps: np.sqrt(var) + eps)


@spatial_groupnorm_forward.mistake(
    "Each pixel has a mean and a variance of its own: they run over rows and columns too."
)
def normalises_pixels(x, gamma, beta, G, gn_param):
    n, c, h, w = x.shape
    parts = x.reshape(n, G, c // G, h, w)
    std = np.sqrt(parts.var(axis=2, keepdims=True) + gn_param.get("eps", 1e-5))
    x_hat = ((parts - parts.mean(axis=2, keepdims=True)) / std).reshape(x.shape)
    return gamma * x_hat + beta, (x_hat, gamma, np.ones((n, G, 1)), G)


@spatial_groupnorm_forward.mistake(
    "The variance is divided by the channels of a group alone: a group has so many numbers at each pixel."
)
def counts_the_channels_alone(x, gamma, beta, G, gn_param):
    pixels = x.shape[2] * x.shape[3]
    return normalised_groups(x, gamma, beta, G, gn_param, root=lambda var, eps: np.sqrt(pixels * var + eps))


# -------------------------------------------------------------------------------------- backward
spatial_groupnorm_backward = backward_pass(
    "regularization.spatial_groupnorm_backward",
    IMAGES,
    ("N", "C", "H", "W"),
    6,
    ("dx", "dgamma", "dbeta"),
    places={"dx": AXES},
    invariants=GROUPS,
)


def composed_groups(dout, cache, mean=1.0, along=1.0, G=None):
    """Return the three gradients, with the path through the mean and the one through the variance each times a factor."""
    x_hat, gamma, std, groups = cache
    g, h = (in_groups(a, G or groups) for a in (dout * gamma, x_hat))
    dx = g - mean * g.mean(axis=2, keepdims=True) - along * h * (g * h).mean(axis=2, keepdims=True)
    dx = in_groups(dx.reshape(dout.shape), groups) / std
    dgamma, dbeta = ((a).sum(axis=(0, 2, 3), keepdims=True) for a in (dout * x_hat, dout))
    return dx.reshape(dout.shape), dgamma, dbeta


@spatial_groupnorm_backward.mistake(
    "gamma was taken out of the means, as in a batch norm: it differs between the channels of a group."
)
def takes_gamma_out_of_the_groups(dout, cache):
    x_hat, gamma, std, G = cache
    dx, dgamma, dbeta = composed_groups(dout, (x_hat, np.ones_like(gamma), std, G))
    return gamma * dx, dgamma, dbeta


@spatial_groupnorm_backward.mistake(
    "No path leads through the variance: the sum of dx over a group is 0, but that of dx·x̂ is not."
)
def forgets_the_variance_of_groups(dout, cache):
    return composed_groups(dout, cache, along=0)


@spatial_groupnorm_backward.mistake("No path leads through the mean: the sum of dx over a group is not 0.")
def forgets_the_mean_of_groups(dout, cache):
    return composed_groups(dout, cache, mean=0)


@spatial_groupnorm_backward.mistake("Mean and variance are taken as constants: both of them depend on x.")
def takes_group_statistics_as_constants(dout, cache):
    return composed_groups(dout, cache, mean=0, along=0)


@spatial_groupnorm_backward.mistake("The means run over all channels of an example: they run over one group.")
def runs_over_all_channels(dout, cache):
    return composed_groups(dout, cache, G=1)


@spatial_groupnorm_backward.mistake("The means run over one channel: they run over all channels of a group.")
def runs_over_one_channel(dout, cache):
    return composed_groups(dout, cache, G=dout.shape[1])


@spatial_groupnorm_backward.mistake(
    "dgamma and dbeta are averaged over rows and columns of the images: every pixel adds its own part."
)
def averages_over_pixels(dout, cache):
    dx, dgamma, dbeta = composed_groups(dout, cache)
    pixels = dout.shape[2] * dout.shape[3]
    return dx, dgamma / pixels, dbeta / pixels


@spatial_groupnorm_backward.mistake(
    "dgamma and dbeta are summed over a group: each channel has its own gamma and beta."
)
def sums_over_a_group(dout, cache):
    dx, *sums = composed_groups(dout, cache)
    G = cache[3]
    return dx, *(np.repeat(a.reshape(G, -1).sum(axis=1), a.shape[1] // G).reshape(a.shape) for a in sums)


@spatial_groupnorm_backward.mistake("gamma is missing from dx: what reaches x̂ is dout times gamma.")
def forgets_gamma_of_groups(dout, cache):
    x_hat, gamma, std, G = cache
    return composed_groups(dout, (x_hat, np.ones_like(gamma), std, G))[0], *composed_groups(dout, cache)[1:]
