"""Unit 11, receptive fields, a filter that is learnt, and what grades judgement: part of ``convolution``, and of its stub."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Backward = Callable[[Array, Array, Array, int, int], tuple[Array, Array, Array]]
Lengths = Sequence[int]


def receptive_field(kernels: Lengths, strides: Lengths) -> int:
    """Count the pixels along one axis that one output of a stack of layers depends on.

    Layer l, the first one being at the image, has a window of kernels[l] entries and the stride strides[l]; both are lists of
    positive integers, of equal length. No padding is near, and no stride is larger than the window of its layer. Returns an
    integer. Source: Araujo et al. 2019.
    """
    size, step = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        size += (kernel - 1) * step
        step *= stride
    return size


def learn_filter(x: Array, y: Array, seed: int) -> Array:
    """Learn a filter from examples by gradient descent: images, and what the filter makes of them.

    x and y (N, 1, H, W); returns w (1, 1, 3, 3), such that the convolution of x with w, with stride 1, pad 1 and no bias, is y
    with a mean squared error of at most 1e-4, over all entries. Start from random weights, drawn with ``seed``. Your
    convolution layer gives the gradient; 200 steps are more than enough.
    """
    w = 0.1 * np.random.default_rng(seed).standard_normal((1, 1, 3, 3))
    xp = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(xp, (3, 3), axis=(2, 3))[:, 0]
    for _ in range(200):
        error = np.einsum("nijpq,pq->nij", windows, w[0, 0]) - y[:, 0]
        w[0, 0] -= 0.2 * 2 * np.einsum("nijpq,nij->pq", windows, error) / error.size
    return w


def depthwise_backward(dout: Array, x: Array, w: Array, stride: int) -> tuple[Array, Array]:
    """Gradients of a depthwise 1-d convolution, out[n, c, i] = Σ_k w[c, k] · x[n, c, i·stride + k]: a filter a channel.

    **There is a fault in this function. Find it, and mend it.** dout (N, C, OL), x (N, C, L), w (C, K), stride an integer, and
    OL = 1 + (L − K) // stride; returns dx (N, C, L) and dw (C, K). Source: Chollet 2017.
    """
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    end = stride * dout.shape[2]
    for k in range(w.shape[1]):
        dx[:, :, k : k + end : stride] += dout * w[:, k, None]
        dw[:, k] += (dout * x[:, :, k : k + end : stride]).sum(axis=(0, 2))
    return dx, dw


def is_conv_backward(backward: Backward) -> bool:
    """Write a test: decide whether a function is the backward pass of a convolution layer.

    ``backward(dout, x, w, stride, pad)`` returns (dx, dw, db) of the layer of ``conv_forward_naive``, whose bias b (F,) does not
    enter its gradients: x (N, C, H, W), w (F, C, HH, WW), dout (N, F, OH, OW). It is a candidate, right or wrong, that you get to
    call as often as you like, on inputs of your choice, with strides from 1 to 3 and pads from 0 to 2. Return True if it is right
    on all such inputs, and False if it is wrong on some. A candidate may raise an error; then it is wrong. You may use anything
    that you have written in this unit. Keep the arrays small: candidates have loops.
    """
    rng = np.random.default_rng(0)
    for (n, c, h, width), (f, hh, ww), stride, pad in (
        ((2, 3, 5, 6), (4, 3, 2), 1, 0),
        ((3, 2, 4, 6), (1, 2, 3), 1, 2),
        ((2, 3, 7, 5), (4, 3, 2), 2, 1),
        ((1, 2, 8, 7), (3, 4, 2), 3, 0),
    ):
        x, w = rng.standard_normal((n, c, h, width)), rng.standard_normal((f, c, hh, ww))
        rows, columns = 1 + (h + 2 * pad - hh) // stride, 1 + (width + 2 * pad - ww) // stride
        dout = 3 * rng.standard_normal((n, f, rows, columns))
        xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        dxp, dw = np.zeros_like(xp), np.zeros_like(w)
        for p, q in np.ndindex(hh, ww):
            seen = np.s_[:, :, p : p + stride * rows : stride, q : q + stride * columns : stride]
            dw[:, :, p, q] = np.einsum("nfij,ncij->fc", dout, xp[seen])
            dxp[seen] += np.einsum("nfij,fc->ncij", dout, w[:, :, p, q])
        right = (dxp[:, :, pad : pad + h, pad : pad + width], dw, dout.sum(axis=(0, 2, 3)))
        try:
            got = backward(dout.copy(), x.copy(), w.copy(), stride, pad)
        except (ValueError, TypeError, IndexError):
            return False
        for g, r in zip(got, right, strict=True):
            if np.shape(g) != r.shape or not np.allclose(g, r, rtol=1e-9, atol=1e-12):
                return False
    return True


def prediction_bias_gradient() -> float:
    """Predict a bias gradient before you compute it. Return the number.

    A convolution layer has an output of shape (2, 3, 4, 5), and the upstream gradient is 1 everywhere. What is db[0]?
    """
    return 40.0


def prediction_receptive_field() -> int:
    """Predict how many pixels along one axis one output depends on. Return the number.

    Three layers are stacked, each with windows of 3; the first has stride 2, the second and the third have stride 1.
    """
    return 11
