"""Unit 11, sizes, and convolution as a matrix: part of ``convolution``, and of its stub."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Param = dict[str, int]


def conv_output_size(size: int, kernel: int, stride: int = 1, pad: int = 0, dilation: int = 1) -> int:
    """Count the positions of a window along one axis.

    ``size`` entries with ``pad`` zeros added at both ends; a window of ``kernel`` entries that are ``dilation`` apart moves by
    ``stride``. Only windows that lie wholly inside count: what is behind the last one is left out. All arguments are integers,
    and one window fits at least. Returns an integer. Source: Dumoulin & Visin 2016.
    """
    reach = dilation * (kernel - 1) + 1
    return 1 + (size + 2 * pad - reach) // stride


def conv1d_matrix(w: Array, size: int, stride: int = 1) -> Array:
    """Write a 1-d convolution as a matrix: T @ x has the entries Σ_k w[k] · x[i·stride + k], for each x of ``size`` entries.

    w (K,), with K ≤ size; T (OL, size), one row for each of the OL = 1 + (size − K) // stride windows that lie wholly inside.
    Every row holds w, moved on by stride, and zeros: T is banded. Source: Goodfellow et al. 2016, §9.1.
    """
    windows = 1 + (size - len(w)) // stride
    T = np.zeros_like(w, shape=(windows, size))
    for i in range(windows):
        T[i, i * stride : i * stride + len(w)] = w
    return T


def im2col(x: Array, height: int, width: int, stride: int, pad: int) -> Array:
    """Lay out what each window of a convolution sees as a row of a matrix.

    x (N, C, H, W) gets ``pad`` rows and columns of zeros on each side; a window is (C, height, width). Returns
    (N·OH·OW, C·height·width): rows in the order of n, i, j (the last fastest), where i and j number the windows from the top
    and from the left, OH = 1 + (H + 2·pad − height) // stride and OW likewise; columns in the order of c, p, q, as
    ``w.reshape(F, -1)`` has them. Source: Chellapilla et al. 2006.
    """
    _, C, _, _ = x.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(xp, (height, width), axis=(2, 3))[:, :, ::stride, ::stride]
    return np.transpose(windows, (0, 2, 3, 1, 4, 5)).reshape(-1, C * height * width)


def col2im(cols: Array, x_shape: tuple[int, int, int, int], height: int, width: int, stride: int, pad: int) -> Array:
    """Adjoint of ``im2col``: every entry of ``cols`` is added to the pixel that ``im2col`` took it from.

    cols (N·OH·OW, C·height·width) in the layout of ``im2col``, x_shape = (N, C, H, W); returns an array of that shape. A pixel
    that several windows saw gets the sum of all of them; what came from the padding is dropped. For all x and y,
    ⟨im2col(x), y⟩ = ⟨x, col2im(y)⟩. Source: Chellapilla et al. 2006.
    """
    N, C, H, W = x_shape
    rows, columns = 1 + (H + 2 * pad - height) // stride, 1 + (W + 2 * pad - width) // stride
    windows = np.transpose(cols.reshape(N, rows, columns, C, height, width), (0, 3, 4, 5, 1, 2))
    xp = np.pad(np.zeros_like(cols, shape=x_shape), ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    for p in range(height):
        for q in range(width):
            xp[:, :, p : p + stride * rows : stride, q : q + stride * columns : stride] += windows[:, :, p, q]
    return xp[:, :, pad : pad + H, pad : pad + W]


def conv_im2col(x: Array, w: Array, b: Array, conv_param: Param) -> Array:
    """The convolution layer once more, as one matrix product and without a loop: out as in ``conv_forward_naive``.

    x (N, C, H, W), w (F, C, HH, WW), b (F,), conv_param = {"stride": S, "pad": P}; out (N, F, OH, OW). There is no loop in it,
    nor in what it calls of yours. ``np.lib.stride_tricks.sliding_window_view`` is allowed, and so are index arrays.
    Source: Chellapilla et al. 2006.
    """
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, _, H, _ = x.shape
    F, _, height, width = w.shape
    rows = 1 + (H + 2 * pad - height) // stride
    cols = im2col(x, height, width, stride, pad)
    out = (cols @ w.reshape(F, -1).T + b).reshape(N, rows, -1, F)
    return np.transpose(out, (0, 3, 1, 2))


def conv_transpose(x: Array, w: Array, conv_param: Param) -> Array:
    """Transposed convolution: the adjoint of the convolution with w, and no inverse of it.

    x (N, F, H, W), w (F, C, HH, WW), conv_param = {"stride": S, "pad": P}. Every entry x[n, f, i, j] adds x[n, f, i, j] · w[f]
    to an array of zeros, with its first corner at row i·S and column j·S; then P rows and columns are cut off at each side.
    out (N, C, OH, OW) with OH = S·(H − 1) + HH − 2P, and OW likewise. If conv is the convolution with the same w, S and P and
    no bias, ⟨conv(u), x⟩ = ⟨u, conv_transpose(x)⟩ for each u in the shape of out. Source: Dumoulin & Visin 2016, ch. 4.
    """
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, _, H, W = x.shape
    _, C, height, width = w.shape
    full = np.zeros_like(x, shape=(N, C, stride * (H - 1) + height, stride * (W - 1) + width))
    for p in range(height):
        for q in range(width):
            added = np.einsum("nfij,fc->ncij", x, w[:, :, p, q])
            full[:, :, p : p + stride * H : stride, q : q + stride * W : stride] += added
    _, _, tall, wide = full.shape
    return full[:, :, pad : tall - pad, pad : wide - pad]
