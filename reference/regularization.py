"""Unit 10, regularisation and normalisation: L2, dropout, and batch, layer and group norm, forward and backward.

Arrays are float64 and rows are examples. ``*_forward(...)`` returns ``(out, cache)``; ``*_backward(dout, cache)`` takes
the upstream gradient ``dout`` = ∂L/∂out, in the shape of ``out``, and returns the gradients in the order of the forward's
arguments. Variances are biased: they divide by the count, not by the count less one. No argument is changed in place, but
for ``bn_param``, into which the running averages are written back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.regularization_judgement import (  # noqa: F401 - the unit's answers too
    is_standardise_backward,
    predict_batch_of_one,
    predict_running_mean,
    predict_scaled_batch,
    rmsnorm_backward,
)
from reference.regularization_norms import (  # noqa: F401 - the unit's answers too
    fold_batchnorm,
    frozen_batchnorm_backward,
    layernorm_backward,
    layernorm_forward,
    spatial_groupnorm_backward,
    spatial_groupnorm_forward,
)
from reference.regularization_questions import (  # noqa: F401 - the unit's answers too
    question_batch_of_one,
    question_bias_before_norm,
    question_dropout_variance,
    question_l2_shrinks,
    question_mode_matters,
    question_norm_axes,
    question_scaled_weights,
    question_upstream_of_ones,
)

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
    ### BEGIN SOLUTION
    loss: Any = 0.0
    for W in weights:
        loss = loss + reg * np.sum(W**2)
    gradients = [*(2 * reg * W for W in weights), *(np.zeros_like(b) for b in biases)]
    ### END SOLUTION
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
    ### BEGIN SOLUTION
    out = x
    if dropout_param["mode"] == "train":
        p = dropout_param["p"]
        rng = np.random.default_rng(dropout_param.get("seed"))
        mask = (rng.random(x.shape) < p) / p
        out = x * mask
    ### END SOLUTION
    cache = (dropout_param, mask)
    return out, cache


def dropout_backward(dout: Array, cache: tuple[dict[str, Any], Array | None]) -> Array:
    """Gradient of inverted dropout: dx = ∂L/∂x, for the mask that the forward pass drew.

    dout, dx in the shape of x; cache is that of your own ``dropout_forward``, and where you have none (dropout_param, mask).
    In test mode dx is dout.
    An entry of x may be 0 and be kept: it has a gradient like any other.
    Source: CS231n, assignment 2.
    """
    _, mask = cache
    return dout if mask is None else dout * mask


def dropout_moments(x: Array, w: Array, p: float) -> tuple[Array, Array]:
    """Mean and variance of the unit h = Σ_d w_d · out_d behind inverted dropout, over all masks that may be drawn.

    x (N, D) goes into the dropout and is given, not random; w (D,); 0 < p ≤ 1 is the probability of keeping, each entry for
    itself. Returns (mean, variance), both (N,): what dropout leaves as it was, and the noise that it adds.
    Source: Srivastava et al. 2014.
    """
    return x @ w, (x**2) @ (w**2) * (1 - p) / p


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
    ### BEGIN SOLUTION
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    if bn_param["mode"] == "train":
        mean = x.mean(axis=0)
        var = ((x - mean) ** 2).mean(axis=0)
        for name, now in (("running_mean", mean), ("running_var", var)):
            bn_param[name] = momentum * bn_param.get(name, np.zeros(x.shape[1])) + (1 - momentum) * now
    else:
        mean, var = bn_param["running_mean"], bn_param["running_var"]
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)
    ### END SOLUTION


def batchnorm_backward(dout: Array, cache: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
    """Gradients of batch normalisation in training: dx = ∂L/∂x, dgamma = ∂L/∂γ, dbeta = ∂L/∂β.

    dout (N, D); cache is that of your own ``batchnorm_forward``, and where you have none (x̂, gamma, √(v + eps));
    dx (N, D), dgamma and dbeta (D,). Mean and variance are functions of x: x acts on the loss through them too.
    Go step by step back through the graph. Source: Ioffe & Szegedy 2015, §3.
    """
    x_hat, gamma, std = cache
    dx_hat = dout * gamma
    centred = x_hat * std
    dvar = -0.5 * (dx_hat * centred).sum(axis=0) / std**3
    dmean = -dx_hat.sum(axis=0) / std
    dx = dx_hat / std + dvar * 2 * centred / len(dout) + dmean / len(dout)
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def batchnorm_backward_alt(dout: Array, cache: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
    """Gradients of batch normalisation again, with dx in one line: all that cancels is left out, and nothing is looped over.

    As ``batchnorm_backward``, with the same cache. In terms of x̂, dx takes two means over the batch. Source: CS231n,
    assignment 2.
    """
    x_hat, gamma, std = cache
    dx: Array = gamma / std * (dout - dout.mean(axis=0) - x_hat * (dout * x_hat).mean(axis=0))
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)
