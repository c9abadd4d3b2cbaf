"""Unit 10, batch norm in use, and norms that need no batch. They are part of ``regularization``, and of its stub."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def frozen_batchnorm_backward(
    dout: Array, x: Array, gamma: Array, running_mean: Array, running_var: Array, eps: float = 1e-5
) -> tuple[Array, Array, Array]:
    """Gradients of batch normalisation in test mode: its mean and variance are the running ones, which x does not move.

    out = γ·(x − running_mean)/√(running_var + eps) + β. dout, x (N, D), gamma, running_mean and running_var (D,);
    returns (dx, dgamma, dbeta) of shapes (N, D), (D,), (D,).
    """
    std = np.sqrt(running_var + eps)
    x_hat = (x - running_mean) / std
    return dout * gamma / std, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def fold_batchnorm(
    w: Array, b: Array, gamma: Array, beta: Array, running_mean: Array, running_var: Array, eps: float = 1e-5
) -> tuple[Array, Array]:
    """Fold a batch norm in test mode into the affine layer before it: one layer that computes what the two did.

    The layers are h = x w + b and out = γ·(h − running_mean)/√(running_var + eps) + β. w (D, M), all others (M,);
    returns (w, b) of the one layer, in the same shapes, such that out = x w + b for every x.
    """
    scale = gamma / np.sqrt(running_var + eps)
    return w * scale, (b - running_mean) * scale + beta


def layernorm_forward(
    x: Array, gamma: Array, beta: Array, ln_param: dict[str, Any]
) -> tuple[Array, tuple[Array, Array, Array]]:
    """Layer normalisation: out = γ·x̂ + β with x̂ = (x − μ)/√(v + eps), where each example has its own μ and v.

    x (N, D), gamma and beta (D,): mean and biased variance are those of a row over its D features. out (N, D).
    ``ln_param`` may hold eps (1e-5); it has no mode, since nothing depends on the batch.
    cache = (x̂, gamma, √(v + eps)), the last of shape (N, 1), or what your own backward pass needs.
    Source: Ba et al. 2016; CS231n, assignment 2.
    """
    ### BEGIN SOLUTION
    centred = x - x.mean(axis=1, keepdims=True)
    std = np.sqrt((centred**2).mean(axis=1, keepdims=True) + ln_param.get("eps", 1e-5))
    x_hat = centred / std
    return gamma * x_hat + beta, (x_hat, gamma, std)
    ### END SOLUTION


def layernorm_backward(dout: Array, cache: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
    """Gradients of layer normalisation: dx = ∂L/∂x, dgamma = ∂L/∂γ, dbeta = ∂L/∂β.

    dout (N, D); cache is that of your own ``layernorm_forward``, and where you have none (x̂, gamma, √(v + eps)), the last
    (N, 1); dx (N, D), dgamma and dbeta (D,). Source: Ba et al. 2016.
    """
    x_hat, gamma, std = cache
    g = dout * gamma
    dx: Array = (g - g.mean(axis=1, keepdims=True) - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


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
    ### BEGIN SOLUTION
    grouped = x.reshape(x.shape[0], G, -1)
    centred = grouped - grouped.mean(axis=2, keepdims=True)
    std = np.sqrt((centred**2).mean(axis=2, keepdims=True) + gn_param.get("eps", 1e-5))
    x_hat = (centred / std).reshape(x.shape)
    return gamma * x_hat + beta, (x_hat, gamma, std, G)
    ### END SOLUTION


def spatial_groupnorm_backward(dout: Array, cache: tuple[Array, Array, Array, int]) -> tuple[Array, Array, Array]:
    """Gradients of group normalisation: dx = ∂L/∂x, dgamma = ∂L/∂γ, dbeta = ∂L/∂β.

    dout (N, C, H, W); cache is that of your own ``spatial_groupnorm_forward``, and where you have none (x̂, gamma,
    √(v + eps), G), the third of shape (N, G, 1); dx (N, C, H, W), dgamma and dbeta (1, C, 1, 1). Source: Wu & He 2018.
    """
    x_hat, gamma, std, G = cache
    g = (dout * gamma).reshape(dout.shape[0], G, -1)
    h = x_hat.reshape(dout.shape[0], G, -1)
    dx: Array = (g - g.mean(axis=2, keepdims=True) - h * (g * h).mean(axis=2, keepdims=True)) / std
    dgamma: Array = (dout * x_hat).sum(axis=(0, 2, 3), keepdims=True)
    dbeta: Array = dout.sum(axis=(0, 2, 3), keepdims=True)
    return dx.reshape(dout.shape), dgamma, dbeta
