"""Convolution and pooling of images (N, C, H, W), composed of one linear primitive: the windows that a kernel sees.

Its adjoint, ``overlap_add``, puts windows back and adds where they overlap. A convolution is then a matrix product with the
windows, pooling a reduction of them, and the derivatives of all orders are those of these few pieces.

Source: Chellapilla, Puri & Simard 2006, §3 (convolution as a matrix product); Dumoulin & Visin 2016 (sizes, the adjoint).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.autodiff.core import Primitive, bind, shape_of
from reference.autodiff.rules.tools import linear

__all__ = ["avg_pool2d", "conv2d", "max_pool2d", "overlap_add", "windows"]

Pair = int | tuple[int, int]


def _seen(x: Any, size: tuple[int, int], stride: tuple[int, int]) -> Any:
    every = np.lib.stride_tricks.sliding_window_view(x, size, axis=(-2, -1))
    return every[..., :: stride[0], :: stride[1], :, :]


def _put_back(g: Any, shape: tuple[int, int], stride: tuple[int, int]) -> Any:
    *images, rows, columns, height, width = g.shape
    out = np.zeros((*images, *shape))
    for i, j in np.ndindex(height, width):  # one position in the kernel meets each pixel at most once
        out[..., i : i + rows * stride[0] : stride[0], j : j + columns * stride[1] : stride[1]] += g[..., i, j]
    return out


WINDOWS: Primitive = linear(
    "windows",
    _seen,
    lambda i, g, y, x, size, stride: bind(OVERLAP_ADD, g, shape=shape_of(x)[-2:], stride=stride),
)
OVERLAP_ADD: Primitive = linear(
    "overlap_add",
    _put_back,
    lambda i, h, y, g, shape, stride: bind(WINDOWS, h, size=shape_of(g)[-2:], stride=stride),
)


def _pair(x: Pair, least: int, what: str) -> tuple[int, int]:
    pair = x if isinstance(x, tuple) else (x, x)
    if len(pair) != 2 or not all(isinstance(n, (int, np.integer)) and n >= least for n in pair):
        raise ValueError(f"{what} is an integer of at least {least}, or two for rows and columns, this is {x!r}")
    return int(pair[0]), int(pair[1])


def windows(x: Any, size: Pair, stride: Pair = 1) -> Any:
    """Take all windows of images (..., H, W), in shape (..., rows, columns, height, width); rows = (H − height) // stride + 1.

    Raises:
        ValueError: no window fits, or ``size`` or ``stride`` is not positive.

    """
    size, stride, shape = _pair(size, 1, "the size of a window"), _pair(stride, 1, "a stride"), shape_of(x)
    if len(shape) < 2 or shape[-2] < size[0] or shape[-1] < size[1]:
        raise ValueError(
            f"a window of {size[0]}×{size[1]} does not fit into images of shape {shape}: pad them, or take a smaller one"
        )
    return bind(WINDOWS, x, size=size, stride=stride)


def overlap_add(g: Any, shape: tuple[int, int], stride: Pair = 1) -> Any:
    """Add windows (..., rows, columns, height, width) to images (..., H, W) of ``shape`` (H, W): the adjoint of :func:`windows`."""
    return bind(OVERLAP_ADD, g, shape=shape, stride=_pair(stride, 1, "a stride"))


def conv2d(x: Any, w: Any, b: Any = None, stride: Pair = 1, pad: Pair = 0) -> Any:
    """Cross-correlate images (N, C, H, W) with filters (F, C, height, width), add biases (F,), to (N, F, rows, columns).

    ``pad`` zeros are put on each side; pixels beyond the last whole stride are not seen (Goodfellow et al. 2016, eq. 9.8).

    Raises:
        ValueError: shapes do not fit each other, or ``stride`` or ``pad`` is no such number.

    """
    (top, left), images, filters = _pair(pad, 0, "padding"), shape_of(x), shape_of(w)
    if (
        len(images) != 4
        or len(filters) != 4
        or images[1] != filters[1]
        or (b is not None and shape_of(b) != filters[:1])
    ):
        raise ValueError(
            "conv2d takes images (N, C, H, W), filters (F, C, height, width) and biases (F,) or None, these are of shapes "
            f"{images}, {filters} and {None if b is None else shape_of(b)}"
        )
    if top or left:
        x = np.pad(x, ((0, 0), (0, 0), (top, top), (left, left)))
    out = np.tensordot(windows(x, filters[2:], stride), w, ((1, 4, 5), (1, 2, 3)))
    return np.moveaxis(out if b is None else out + b, -1, 1)


def max_pool2d(x: Any, size: Pair, stride: Pair | None = None) -> Any:
    """Take the maximum of each window of images (N, C, H, W); ties share equally. ``stride`` is the window's size unless given."""
    return np.max(windows(x, size, size if stride is None else stride), axis=(-2, -1))


def avg_pool2d(x: Any, size: Pair, stride: Pair | None = None) -> Any:
    """Average each window of images (N, C, H, W); ``stride`` is the window's size unless given."""
    return np.mean(windows(x, size, size if stride is None else stride), axis=(-2, -1))
