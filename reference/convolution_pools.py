"""Unit 11, pooling: part of ``convolution``, and of its stub."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Param = dict[str, int]


def max_pool_forward_naive(x: Array, pool_param: Param) -> tuple[Array, tuple[Array, Param]]:
    """Max pooling: out[n, c, i, j] is the largest entry of the window x[n, c, i·S : i·S + PH, j·S : j·S + PW].

    x (N, C, H, W), pool_param = {"pool_height": PH, "pool_width": PW, "stride": S}, integers; windows overlap where S is less
    than PH or PW. out (N, C, OH, OW) with OH = 1 + (H − PH) // S and OW = 1 + (W − PW) // S: rows and columns behind the last
    whole window are left out. cache = (x, pool_param). Source: CS231n, assignment 2.
    """
    ### BEGIN SOLUTION
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    windows = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(2, 3))[:, :, ::stride, ::stride]
    out = windows.max(axis=(4, 5))
    ### END SOLUTION
    cache = (x, pool_param)
    return out, cache


def max_pool_backward_naive(dout: Array, cache: tuple[Array, Param]) -> Array:
    """Gradient of max pooling: dx = ∂L/∂x.

    dout (N, C, OH, OW), cache = (x, pool_param) as in ``max_pool_forward_naive``; dx (N, C, H, W). Where two entries of a window
    are its largest, its gradient goes to one of them, or is shared so that the shares add up to it: any such subgradient is right.
    Source: CS231n, assignment 2.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    _, _, rows, columns = dout.shape
    windows = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(2, 3))[:, :, ::stride, ::stride]
    largest = np.argmax(windows.reshape(*dout.shape, height * width), axis=-1)
    dx = np.zeros_like(x)
    for k in range(height * width):
        p, q = divmod(k, width)
        dx[:, :, p : p + stride * rows : stride, q : q + stride * columns : stride] += dout * (largest == k)
    return dx


def avg_pool_forward_naive(x: Array, pool_param: Param) -> tuple[Array, tuple[Array, Param]]:
    """Average pooling: out[n, c, i, j] is the mean of the PH·PW entries of a window, zeros of the padding included.

    x (N, C, H, W), pool_param = {"pool_height": PH, "pool_width": PW, "stride": S, "pad": P}, integers. x gets P rows and columns
    of zeros on each side, and every window is divided by PH·PW, also where it lies partly or wholly in the padding.
    out (N, C, OH, OW) with OH = 1 + (H + 2P − PH) // S, and OW likewise; rows and columns behind the last whole window are left
    out. cache = (x, pool_param). Source: Goodfellow et al. 2016, §9.3.
    """
    ### BEGIN SOLUTION
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    pad = pool_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(xp, (height, width), axis=(2, 3))[:, :, ::stride, ::stride]
    out = windows.mean(axis=(4, 5))
    ### END SOLUTION
    cache = (x, pool_param)
    return out, cache


def avg_pool_backward_naive(dout: Array, cache: tuple[Array, Param]) -> Array:
    """Gradient of average pooling: dx = ∂L/∂x.

    dout (N, C, OH, OW), cache = (x, pool_param) as in ``avg_pool_forward_naive``; dx (N, C, H, W).
    Source: Goodfellow et al. 2016, §9.3.
    """
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    pad = pool_param["pad"]
    _, _, rows, columns = dout.shape
    _, _, H, W = x.shape
    dxp = np.zeros_like(np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))))
    for p in range(height):
        for q in range(width):
            share = dout / (height * width)
            dxp[:, :, p : p + stride * rows : stride, q : q + stride * columns : stride] += share
    return dxp[:, :, pad : pad + H, pad : pad + W]


def global_avg_pool_forward(x: Array) -> tuple[Array, Array]:
    """Global average pooling: out[n, c] is the mean of channel c of image n.

    x (N, C, H, W); out (N, C), cache = x. Source: Lin et al. 2014, §3.2.
    """
    ### BEGIN SOLUTION
    out = x.mean(axis=(2, 3))
    ### END SOLUTION
    cache = x
    return out, cache


def global_avg_pool_backward(dout: Array, cache: Array) -> Array:
    """Gradient of global average pooling: dx = ∂L/∂x.

    dout (N, C), cache = x; dx (N, C, H, W). Source: Lin et al. 2014, §3.2.
    """
    x = cache
    _, _, H, W = x.shape
    dx: Array = np.zeros_like(x) + dout[:, :, None, None] / (H * W)
    return dx
