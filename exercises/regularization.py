"""Unit 10, regularisation and normalisation: L2, dropout, and batch, layer and group norm, forward and backward.

Arrays are float64 and rows are examples. ``*_forward(...)`` returns ``(out, cache)``; ``*_backward(dout, cache)`` takes
the upstream gradient ``dout`` = ∂L/∂out, in the shape of ``out``, and returns the gradients in the order of the forward's
arguments. Variances are biased: they divide by the count, not by the count less one. No argument is changed in place, but
for ``bn_param``, into which the running averages are written back.

The functions below are yours to write: each docstring says what is asked. Put your code where it says
``raise NotImplementedError`` and leave the other lines as they are; ``status()`` in the notebook tells how far you are.
"""

# Derived from the model answers by `gradmark stubs`: course authors change those, not this file.
# The names that ruff misses here are for the student to define, and those that it finds unused to use.
# ruff: noqa: ARG001, ARG002, F821, F841, RUF059, RUF100

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Number = np.floating[Any]
Backward = Callable[[Array, Array], Array]


def l2_regularization(weights: list[Array], biases: list[Array], reg: float) -> tuple[Number, list[Array]]:
    """L2 regularisation of a net: loss = reg · Σ W², summed over all entries of all weights. It is not halved.

    Returns (loss, gradients): a list of ∂loss/∂W for each weight, in their order, followed by ∂loss/∂b for each bias. Biases
    are not regularised: their gradients are zeros.
    weights: a list of matrices (D_l, M_l); biases: a list of as many vectors (M_l,); reg a number.
    Source: Goodfellow et al. 2016, §7.1.1; CS231n's convention for the factor.
    """
    raise NotImplementedError("regularization.l2_regularization: not written yet")
    return loss, gradients


def dropout_forward(x: Array, dropout_param: dict[str, Any]) -> tuple[Array, tuple[dict[str, Any], Array | None]]:
    """Inverted dropout: in training each entry of x is kept with probability p, as x/p, and is 0 otherwise.

    x, out of any one shape. ``dropout_param`` holds p, the probability of KEEPING an entry, 0 < p ≤ 1; mode, "train" or
    "test"; and perhaps seed, an integer. Each entry is drawn for itself. With a seed the mask depends on the seed and the
    shape alone; without one it is a fresh mask at each call. Any generator will do. In test mode out is x.
    cache = (dropout_param, mask), where the mask is what x is multiplied by, in its shape, and None in test mode, or what
    your own backward pass needs.
    Source: Srivastava et al. 2014; CS231n, assignment 2.
    """
    mask = None
    raise NotImplementedError("regularization.dropout_forward: not written yet")
    cache = (dropout_param, mask)
    return out, cache


def dropout_backward(dout: Array, cache: tuple[dict[str, Any], Array | None]) -> Array:
    """Gradient of inverted dropout: dx = ∂L/∂x, for the mask that the forward pass drew.

    dout, dx in the shape of x; cache is that of your own ``dropout_forward``, and where you have none (dropout_param, mask).
    In test mode dx is dout.
    An entry of x may be 0 and be kept: it has a gradient like any other.
    Source: CS231n, assignment 2.
    """
    raise NotImplementedError("regularization.dropout_backward: not written yet")


def dropout_moments(x: Array, w: Array, p: float) -> tuple[Array, Array]:
    """Mean and variance of the unit h = Σ_d w_d · out_d behind inverted dropout, over all masks that may be drawn.

    x (N, D) goes into the dropout and is given, not random; w (D,); 0 < p ≤ 1 is the probability of keeping, each entry for
    itself. Returns (mean, variance), both (N,): what dropout leaves as it was, and the noise that it adds.
    Source: Srivastava et al. 2014.
    """
    raise NotImplementedError("regularization.dropout_moments: not written yet")


def batchnorm_forward(
    x: Array, gamma: Array, beta: Array, bn_param: dict[str, Any]
) -> tuple[Array, tuple[Array, Array, Array]]:
    """Batch normalisation: out = γ·x̂ + β with x̂ = (x − μ)/√(v + eps), for each feature.

    x (N, D), gamma and beta (D,); out (N, D). ``bn_param`` holds mode, "train" or "test"; perhaps eps (1e-5), momentum
    (0.9), running_mean and running_var (D,). In training μ and v are mean and biased variance of the batch, and the
    running averages in ``bn_param`` are replaced by momentum · (the old ones) + (1 − momentum) · (those of the batch);
    where there are no old ones, these are zeros. In test mode μ and v are running_mean and running_var, which are there,
    and stay as they are.
    cache = (x̂, gamma, √(v + eps)), or what your own backward pass needs. Source: Ioffe & Szegedy 2015; CS231n.
    """
    raise NotImplementedError("regularization.batchnorm_forward: not written yet")


def batchnorm_backward(dout: Array, cache: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
    """Gradients of batch normalisation in training: dx = ∂L/∂x, dgamma = ∂L/∂γ, dbeta = ∂L/∂β.

    dout (N, D); cache is that of your own ``batchnorm_forward``, and where you have none (x̂, gamma, √(v + eps));
    dx (N, D), dgamma and dbeta (D,). Mean and variance are functions of x: x acts on the loss through them too.
    Go step by step back through the graph. Source: Ioffe & Szegedy 2015, §3.
    """
    raise NotImplementedError("regularization.batchnorm_backward: not written yet")


def batchnorm_backward_alt(dout: Array, cache: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
    """Gradients of batch normalisation again, with dx in one line: all that cancels is left out, and nothing is looped over.

    As ``batchnorm_backward``, with the same cache. In terms of x̂, dx takes two means over the batch. Source: CS231n,
    assignment 2.
    """
    raise NotImplementedError("regularization.batchnorm_backward_alt: not written yet")


def predict_batch_of_one() -> float:
    """Predict what batch normalisation makes of a batch of one example. Return the number.

    In training, with gamma = 3 and beta = 0.5 for every feature, x is one row: (1, 7) with the entry 42 in its
    first column. What is the first entry of out?
    """
    raise NotImplementedError("regularization.predict_batch_of_one: not written yet")


def predict_scaled_batch() -> float:
    """Predict what batch normalisation makes of a batch that was scaled and shifted. Return the number.

    In training, an entry of out is 0.7, with gamma = 1 and beta = 0. Now the same batch is put in as 3·x + 5.
    The variances are so large that eps does not count. What is that entry of out?
    """
    raise NotImplementedError("regularization.predict_scaled_batch: not written yet")


def predict_running_mean() -> float:
    """Predict a running average. Return the number; three digits of it will do.

    ``batchnorm_forward`` is called three times in training, with the default momentum and one ``bn_param``
    that holds no running averages at first. The batches differ, and in each of them the first feature has the
    mean 10. What is the first entry of running_mean after the third call?
    """
    raise NotImplementedError("regularization.predict_running_mean: not written yet")


def rmsnorm_backward(dout: Array, x: Array, gamma: Array, eps: float = 1e-5) -> tuple[Array, Array]:
    """Gradients of root-mean-square normalisation: out = γ·x/r with r = √(mean(x²) + eps), where each row has its own r.

    **There is a fault in this function. Find it, and mend it.** dout and x are (N, D), gamma is (D,), the mean runs over the D
    features of a row; returns dx (N, D) and dgamma (D,). Source: Zhang & Sennrich 2019.
    """
    r = np.sqrt((x**2).mean(axis=1, keepdims=True) + eps)
    x_hat = x / r
    g = dout * gamma
    dx = (g - x_hat * (dout * x_hat).mean(axis=1, keepdims=True)) / r
    dgamma = (dout * x_hat).sum(axis=0)
    return dx, dgamma


def is_standardise_backward(backward: Backward) -> bool:
    """Write a test: decide whether a function is the backward pass of out = (x − μ)/√(v + 1e-5), the core of batch norm.

    μ and v are mean and biased variance over the N rows, for each column. ``backward(dout, x)`` returns dx for x and dout
    (N, D): a candidate, right or wrong, that you get to call as often as you like, on inputs of your choice. Return True
    if it is right on all inputs of such shapes, and False if it is wrong on some. A candidate may raise an error; then it
    is wrong. You may use anything that you have written in this unit.
    """
    raise NotImplementedError("regularization.is_standardise_backward: not written yet")


def frozen_batchnorm_backward(
    dout: Array, x: Array, gamma: Array, running_mean: Array, running_var: Array, eps: float = 1e-5
) -> tuple[Array, Array, Array]:
    """Gradients of batch normalisation in test mode: its mean and variance are the running ones, which x does not move.

    out = γ·(x − running_mean)/√(running_var + eps) + β. dout, x (N, D), gamma, running_mean and running_var (D,);
    returns (dx, dgamma, dbeta) of shapes (N, D), (D,), (D,).
    """
    raise NotImplementedError("regularization.frozen_batchnorm_backward: not written yet")


def fold_batchnorm(
    w: Array, b: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float = 1e-5
) -> tuple[Array, Array]:
    """Fold a batch norm in test mode into the affine layer before it: one layer that computes what the two did.

    The layers are h = x w + b and out = γ·(h − running_mean)/√(running_var + eps) + β. w (D, M), all others (M,);
    returns (w, b) of the one layer, in the same shapes, such that out = x w + b for every x.
    """
    raise NotImplementedError("regularization.fold_batchnorm: not written yet")


def layernorm_forward(
    x: Array, gamma: Array, beta: Array, ln_param: dict[str, Any]
) -> tuple[Array, tuple[Array, Array, Array]]:
    """Layer normalisation: out = γ·x̂ + β with x̂ = (x − μ)/√(v + eps), where each example has its own μ and v.

    x (N, D), gamma and beta (D,): mean and biased variance are those of a row over its D features. out (N, D).
    ``ln_param`` may hold eps (1e-5); it has no mode, since nothing depends on the batch.
    cache = (x̂, gamma, √(v + eps)), the last of shape (N, 1), or what your own backward pass needs.
    Source: Ba et al. 2016; CS231n, assignment 2.
    """
    raise NotImplementedError("regularization.layernorm_forward: not written yet")


def layernorm_backward(dout: Array, cache: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
    """Gradients of layer normalisation: dx = ∂L/∂x, dgamma = ∂L/∂γ, dbeta = ∂L/∂β.

    dout (N, D); cache is that of your own ``layernorm_forward``, and where you have none (x̂, gamma, √(v + eps)), the last
    (N, 1); dx (N, D), dgamma and dbeta (D,). Source: Ba et al. 2016.
    """
    raise NotImplementedError("regularization.layernorm_backward: not written yet")


def spatial_groupnorm_forward(
    x: Array, gamma: Array, beta: Array, G: int, gn_param: dict[str, Any]
) -> tuple[Array, tuple[Array, Array, Array, int]]:
    """Group normalisation of images: each example's channels are cut into G groups, each with its own mean and variance.

    x (N, C, H, W): example, channel, row, column. G divides C; group g holds the C/G neighbouring channels from
    g·C/G on. x̂ = (x − μ)/√(v + eps), with the mean and the biased variance over the channels, rows and columns of a group
    of one example. out = γ·x̂ + β, with gamma and beta of shape (1, C, 1, 1): one number a channel. out (N, C, H, W).
    ``gn_param`` may hold eps (1e-5).
    cache = (x̂, gamma, √(v + eps), G), the first in the shape of x and the third (N, G, 1), or what your own backward pass
    needs.
    Source: Wu & He 2018; CS231n, assignment 2.
    """
    raise NotImplementedError("regularization.spatial_groupnorm_forward: not written yet")


def spatial_groupnorm_backward(dout: Array, cache: tuple[Array, Array, Array, int]) -> tuple[Array, Array, Array]:
    """Gradients of group normalisation: dx = ∂L/∂x, dgamma = ∂L/∂γ, dbeta = ∂L/∂β.

    dout (N, C, H, W); cache is that of your own ``spatial_groupnorm_forward``, and where you have none (x̂, gamma,
    √(v + eps), G), the third of shape (N, G, 1); dx (N, C, H, W), dgamma and dbeta (1, C, 1, 1). Source: Wu & He 2018.
    """
    raise NotImplementedError("regularization.spatial_groupnorm_backward: not written yet")


def question_dropout_variance() -> str:
    """Variance of what inverted dropout makes of one number x, as a formula.

    The number is kept as x/p with probability p, and is 0 otherwise. Return the variance over both cases as
    text, in the names x and p alone, without a function, such as "x^2 + p" (which is not it).
    """
    raise NotImplementedError("regularization.question_dropout_variance: not written yet")


def question_upstream_of_ones() -> str:
    """Choose why a check of ``batchnorm_backward`` with dout = 1 everywhere says nothing of dx. Return one letter.

    (a) A gradient of ones overflows when it is divided by the standard deviation.
    (b) The sum of a column of x̂ is 0 whatever x is, so dx must be 0: a function that returns zeros passes.
    (c) With ones for dout, dx is x̂ itself, which the check has computed already.
    (d) Nothing is wrong with it: every dout is as good as another.
    """
    raise NotImplementedError("regularization.question_upstream_of_ones: not written yet")


def question_bias_before_norm() -> str:
    """Choose what becomes of the bias b of an affine layer that is followed by batch norm in training. Return one letter.

    (a) It adds to beta: the two learn the same thing at twice the speed.
    (b) It changes the variance of the batch, and so the scale of the output.
    (c) The mean of the batch takes it out again: the output does not depend on it, and its gradient is 0.
    (d) It is needed: without it the mean of the output could not be moved.
    """
    raise NotImplementedError("regularization.question_bias_before_norm: not written yet")


def question_batch_of_one() -> list[str]:
    """Choose all normalisations that do with one example in training just what they do with it in a batch of many.

    (a) batch norm   (b) layer norm   (c) group norm   (d) instance norm: group norm with one channel a group
    Return the list of their letters in alphabetical order, such as ["a", "b"].
    """
    raise NotImplementedError("regularization.question_batch_of_one: not written yet")


def question_mode_matters() -> list[str]:
    """Choose all that compute something else in test mode than in training, for one and the same x.

    (a) dropout with p = 0.5   (b) batch norm   (c) layer norm   (d) group norm   (e) ReLU
    Return the list of their letters in alphabetical order, such as ["c", "d"].
    """
    raise NotImplementedError("regularization.question_mode_matters: not written yet")


def question_norm_axes() -> dict[str, str]:
    """Match each normalisation of images x (N, C, H, W) with how many pairs of a mean and a variance it computes.

    N = 10 examples, C = 6 channels, G = 2 groups.

    (a) batch norm, over all but the channels   (b) layer norm, over all of an example
    (c) group norm with G groups   (d) instance norm, over each channel of each example
    (1) 6   (2) 10   (3) 20   (4) 60
    Return a dict from each letter to a digit, such as {"a": "4", "b": "3", "c": "2", "d": "1"}; each digit is
    used once.
    """
    raise NotImplementedError("regularization.question_norm_axes: not written yet")


def question_l2_shrinks() -> float:
    """Compute what L2 regularisation does to a weight that nothing else acts on. Return the number.

    The loss is reg · Σ W², as in ``l2_regularization``, with reg = 0.1, and one step of gradient descent is
    taken with the learning rate 0.5. The weight was 2. What is it after the step?
    """
    raise NotImplementedError("regularization.question_l2_shrinks: not written yet")


def question_scaled_weights() -> float:
    """Compute how the gradient of a weight before a batch norm depends on the weight's scale. Return the number.

    out = batchnorm(x w) in training, with eps so small that it does not count. All of w is multiplied by 10:
    out, and the loss, stay as they were. By which factor is the gradient ∂L/∂w multiplied?
    """
    raise NotImplementedError("regularization.question_scaled_weights: not written yet")
