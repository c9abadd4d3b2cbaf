"""A run: a filter that finds edges, learnt from images and what it makes of them."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import training
from grader.judging import Malformed

SEED = 5


def filtered(x, w):
    """Convolve images (N, 1, H, W) with one filter of 3 by 3, pad 1 and stride 1."""
    xp = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    out = np.zeros(x.shape)
    for p in range(3):
        for q in range(3):
            out += w[0, 0, p, q] * xp[:, :, p : p + x.shape[2], q : q + x.shape[3]]
    return out


def edges():
    """Draw four images of rectangles, light on dark and dark on light, and their edges."""
    rng = np.random.default_rng(SEED)
    x = np.zeros((4, 1, 6, 7))
    for image in x[:, 0]:
        for _ in range(4):
            top, left = rng.integers(0, 4, 2)
            image[top : top + rng.integers(2, 5), left : left + rng.integers(2, 5)] += rng.choice((-1.0, 1.0))
    x -= x.mean()
    sobel = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    return x, filtered(x, sobel[None, None]), 0


def error_of(w, x, y, seed):
    """Return the mean squared error of a filter."""
    w = np.asarray(w, dtype=float)
    if w.shape != (1, 1, 3, 3):
        raise Malformed(f"w must have shape (1, 1, 3, 3), it has {w.shape}")
    return {"error": ((filtered(x, w) - y) ** 2).mean()}


learn_filter = training(
    "convolution.learn_filter", edges, error_of, at_most={"error": 1e-4}, points=3, helpers=(filtered,)
)


def descended(x, y, seed, rate=0.2, steps=200, turned=False):
    """Run gradient descent from small random weights; ``turned``: the filter is turned by 180° in the forward pass alone."""
    w = 0.1 * np.random.default_rng(seed).standard_normal((1, 1, 3, 3))
    xp = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(xp, (3, 3), axis=(2, 3))[:, 0]
    for _ in range(steps):
        used = w[0, 0, ::-1, ::-1] if turned else w[0, 0]
        error = np.einsum("nijpq,pq->nij", windows, used) - y[:, 0]
        w[0, 0] -= rate * 2 * np.einsum("nijpq,nij->pq", windows, error) / error.size
    return w


@learn_filter.mistake("The weights are those of the start: nothing was learnt.")
def learns_nothing(x, y, seed):
    return descended(x, y, seed, steps=0)


@learn_filter.mistake("The run ends long before the error has come down.")
def stops_too_soon(x, y, seed):
    return descended(x, y, seed, steps=5)


@learn_filter.mistake("The steps go uphill: the error rises.")
def goes_uphill(x, y, seed):
    return descended(x, y, seed, rate=-0.2, steps=10)


@learn_filter.mistake(
    "The filter is used turned by 180° in the forward pass, and the gradient is that of the other one."
)
def turns_the_filter_in_one_pass(x, y, seed):
    return descended(x, y, seed, rate=0.02, turned=True)


@learn_filter.mistake("A filter comes back that is turned by 180°: it was learnt for the convolution of mathematics.")
def learns_the_turned_filter(x, y, seed):
    return descended(x, y, seed)[:, :, ::-1, ::-1].copy()
