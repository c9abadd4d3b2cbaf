"""The root-mean-square norm of each token, forward and backward."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass
from grader.judging import array

X = {"x": array("N", "T", "D")}


def root(x, eps=1e-5):
    return np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + eps)


rms_norm_forward = forward_pass("attention.rms_norm_forward", X, places={"out": ("sequence", "token", "feature")})


def normed(x, r):
    """Return what a forward pass with these roots returns."""
    return x / r, (x / r, r)


@rms_norm_forward.mistake("The mean is taken away first: that is a layer norm. Here nothing is taken away.")
def takes_the_mean_away(x):
    centred = x - x.mean(axis=-1, keepdims=True)
    return normed(centred, root(centred))


@rms_norm_forward.mistake("The squares are added up, where their mean is asked: that is the vector's length.")
def divides_by_the_length(x):
    return normed(x, np.sqrt(np.sum(x**2, axis=-1, keepdims=True) + 1e-5))


@rms_norm_forward.mistake("All tokens are divided by one root: each token has its own.")
def shares_one_root(x):
    return normed(x, np.full((*x.shape[:2], 1), np.sqrt(np.mean(x**2) + 1e-5)))


@rms_norm_forward.mistake("All tokens of a sequence are divided by one root: each token has its own.")
def shares_a_root_in_a_sequence(x):
    r = np.sqrt(np.mean(x**2, axis=(1, 2), keepdims=True) + 1e-5)
    return normed(x, np.repeat(r, x.shape[1], axis=1))


@rms_norm_forward.mistake("1e-8 is added to the mean of squares: here it is 1e-5.")
def adds_a_smaller_constant(x):
    return normed(x, root(x, 1e-8))


@rms_norm_forward.mistake("The mean runs over the tokens: it is over the features of one token.")
def averages_over_tokens(x):
    return normed(x, np.sqrt(np.mean(x**2, axis=1, keepdims=True) + 1e-5))


@rms_norm_forward.mistake("Small vectors come out too large or too small: the constant stands outside the root.")
def adds_the_constant_outside(x):
    return normed(x, np.sqrt(np.mean(x**2, axis=-1, keepdims=True)) + 1e-5)


@rms_norm_forward.mistake("The features are divided by the mean square: its root is missing.")
def forgets_the_root(x):
    return normed(x, np.mean(x**2, axis=-1, keepdims=True) + 1e-5)


rms_norm_backward = backward_pass(
    "attention.rms_norm_backward", X, ("N", "T", "D"), places={"dx": ("sequence", "token", "feature")}
)


@rms_norm_backward.mistake(
    "The path through r is missing: each feature also moves the root by which all of its token are divided."
)
def holds_the_root_fixed(dout, cache):
    return dout / cache[1]


@rms_norm_backward.mistake("The path through r is added, where it takes away.")
def adds_the_path_of_the_root(dout, cache):
    out, r = cache
    return (dout + out * np.mean(dout * out, axis=-1, keepdims=True)) / r


@rms_norm_backward.mistake("The path through r is D times too strong: r is the root of a mean.")
def sums_the_path_of_the_root(dout, cache):
    out, r = cache
    return (dout - out * np.sum(dout * out, axis=-1, keepdims=True)) / r


@rms_norm_backward.mistake("dx is not divided by r.")
def forgets_to_divide(dout, cache):
    out, _ = cache
    return dout - out * np.mean(dout * out, axis=-1, keepdims=True)


@rms_norm_backward.mistake("The mean of dout is taken away too: that belongs to a layer norm, where the mean of x was.")
def takes_the_mean_of_dout_away(dout, cache):
    out, r = cache
    return (dout - dout.mean(axis=-1, keepdims=True) - out * np.mean(dout * out, axis=-1, keepdims=True)) / r


@rms_norm_backward.mistake(
    "The cached output is taken for x, and divided by r again: the path through r is too weak or strong."
)
def takes_out_for_x(dout, cache):
    out, r = cache
    return dout / r - out * np.mean(dout * out, axis=-1, keepdims=True) / r**3


@rms_norm_backward.mistake(
    "Each feature sees its own part of r alone: all features of a token move the r of all of them."
)
def keeps_the_diagonal_of_the_norm(dout, cache):
    out, r = cache
    return dout * (1 - out**2 / out.shape[-1]) / r


@rms_norm_backward.mistake("The path through r is not divided by r, as the direct one is.")
def divides_one_path(dout, cache):
    out, r = cache
    return dout / r - out * np.mean(dout * out, axis=-1, keepdims=True)
