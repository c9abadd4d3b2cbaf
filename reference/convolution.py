"""Unit 11, convolution: layers that look through a window, and the matrices that they are.

Arrays are float64, an image is (C, H, W) and a batch of images (N, C, H, W). ``*_forward(...)`` returns ``(out, cache)``;
``*_backward(dout, cache)`` takes the upstream gradient ``dout`` = ∂L/∂out, in the shape of ``out``, and returns the gradients
∂L/∂(argument) in the order and the shapes of the forward's arguments. Convolution is what nets call so: cross-correlation,
whose filters are not flipped. Where a stride does not divide, the last rows and columns that no whole window reaches are left
out. No argument is changed in place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from reference.convolution_judgement import (  # noqa: F401 - the unit's answers too
    depthwise_backward,
    is_conv_backward,
    learn_filter,
    prediction_bias_gradient,
    prediction_receptive_field,
    receptive_field,
)
from reference.convolution_matrices import (  # noqa: F401 - the unit's answers too
    col2im,
    conv1d_matrix,
    conv_im2col,
    conv_output_size,
    conv_transpose,
    im2col,
)
from reference.convolution_pools import (  # noqa: F401 - the unit's answers too
    avg_pool_backward_naive,
    avg_pool_forward_naive,
    global_avg_pool_backward,
    global_avg_pool_forward,
    max_pool_backward_naive,
    max_pool_forward_naive,
)
from reference.convolution_questions import (  # noqa: F401 - the unit's answers too
    question_flip,
    question_im2col_entries,
    question_parameters,
    question_pool_gradients,
    question_same_padding,
    question_shifts,
    question_symptoms,
    question_transposed,
)

Array = NDArray[np.float64]
Param = dict[str, int]
Cache = tuple[Array, Array, Array, Param]
Backward = Callable[[Array, Array, Array, int, int], tuple[Array, Array, Array]]
Lengths = Sequence[int]


def conv_forward_naive(x: Array, w: Array, b: Array, conv_param: Param) -> tuple[Array, Cache]:
    """Convolution layer: out[n, f, i, j] = b[f] + Σ_{c, p, q} w[f, c, p, q] · xp[n, c, i·S + p, j·S + q].

    x (N, C, H, W), w (F, C, HH, WW), b (F,); conv_param = {"stride": S, "pad": P}, integers. xp is x with P rows and
    columns of zeros added on each of the four sides. out (N, F, OH, OW) with OH = 1 + (H + 2P − HH) // S and
    OW = 1 + (W + 2P − WW) // S: rows and columns behind the last whole window are left out. cache = (x, w, b, conv_param).
    Loops are welcome. Source: CS231n, assignment 2; Goodfellow et al. 2016, §9.1.
    """
    ### BEGIN SOLUTION
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, _, H, W = x.shape
    F, _, height, width = w.shape
    rows, columns = 1 + (H + 2 * pad - height) // stride, 1 + (W + 2 * pad - width) // stride
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, rows, columns))
    for p in range(height):
        for q in range(width):
            seen = xp[:, :, p : p + stride * rows : stride, q : q + stride * columns : stride]
            out = out + np.einsum("ncij,fc->nfij", seen, w[:, :, p, q])
    out = out + b[:, None, None]
    ### END SOLUTION
    cache = (x, w, b, conv_param)
    return out, cache


def conv_backward_naive(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """Gradients of the convolution layer: dx = ∂L/∂x, dw = ∂L/∂w, db = ∂L/∂b.

    dout (N, F, OH, OW), cache = (x, w, b, conv_param) as in ``conv_forward_naive``; dx (N, C, H, W), dw (F, C, HH, WW), db (F,).
    A row or column of x that no window reached has the gradient 0. Nothing is averaged here. Loops are welcome.
    Source: CS231n, assignment 2; Goodfellow et al. 2016, §9.5.
    """
    ### BEGIN SOLUTION
    x, w, _, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    _, _, H, W = x.shape
    _, _, height, width = w.shape
    _, _, rows, columns = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for p in range(height):
        for q in range(width):
            window = np.s_[:, :, p : p + stride * rows : stride, q : q + stride * columns : stride]
            dw[:, :, p, q] = np.einsum("nfij,ncij->fc", dout, xp[window])
            dxp[window] += np.einsum("nfij,fc->ncij", dout, w[:, :, p, q])
    dx = dxp[:, :, pad : pad + H, pad : pad + W]
    db = dout.sum(axis=(0, 2, 3))
    ### END SOLUTION
    return dx, dw, db


def conv_dilated_forward(x: Array, w: Array, b: Array, conv_param: Param) -> tuple[Array, Cache]:
    """Dilated convolution: out[n, f, i, j] = b[f] + Σ_{c, p, q} w[f, c, p, q] · xp[n, c, i·S + p·D, j·S + q·D].

    x (N, C, H, W), w (F, C, HH, WW), b (F,); conv_param = {"stride": S, "pad": P, "dilation": D}, integers. A filter looks at
    every D-th pixel, and so reaches over D·(HH − 1) + 1 rows and D·(WW − 1) + 1 columns. xp is x with P rows and columns of
    zeros added on each side; what is behind the last whole reach is left out, as in ``conv_forward_naive``. out (N, F, OH, OW)
    with OH = 1 + (H + 2P − D·(HH − 1) − 1) // S, and OW likewise. cache = (x, w, b, conv_param).
    Source: Yu & Koltun 2016, §2.
    """
    ### BEGIN SOLUTION
    stride, pad, dilation = conv_param["stride"], conv_param["pad"], conv_param["dilation"]
    N, _, H, W = x.shape
    F, _, height, width = w.shape
    rows = 1 + (H + 2 * pad - dilation * (height - 1) - 1) // stride
    columns = 1 + (W + 2 * pad - dilation * (width - 1) - 1) // stride
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, rows, columns))
    for p in range(height):
        for q in range(width):
            top, left = p * dilation, q * dilation
            seen = xp[:, :, top : top + stride * rows : stride, left : left + stride * columns : stride]
            out = out + np.einsum("ncij,fc->nfij", seen, w[:, :, p, q])
    out = out + b[:, None, None]
    ### END SOLUTION
    cache = (x, w, b, conv_param)
    return out, cache


def conv_dilated_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """Gradients of the dilated convolution: dx = ∂L/∂x, dw = ∂L/∂w, db = ∂L/∂b.

    dout (N, F, OH, OW), cache = (x, w, b, conv_param) as in ``conv_dilated_forward``; dx (N, C, H, W), dw (F, C, HH, WW),
    db (F,). Source: Yu & Koltun 2016, §2.
    """
    ### BEGIN SOLUTION
    x, w, _, conv_param = cache
    stride, pad, dilation = conv_param["stride"], conv_param["pad"], conv_param["dilation"]
    _, _, H, W = x.shape
    _, _, height, width = w.shape
    _, _, rows, columns = dout.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for p in range(height):
        for q in range(width):
            top, left = p * dilation, q * dilation
            window = np.s_[:, :, top : top + stride * rows : stride, left : left + stride * columns : stride]
            dw[:, :, p, q] = np.einsum("nfij,ncij->fc", dout, xp[window])
            dxp[window] += np.einsum("nfij,fc->ncij", dout, w[:, :, p, q])
    dx = dxp[:, :, pad : pad + H, pad : pad + W]
    db = dout.sum(axis=(0, 2, 3))
    ### END SOLUTION
    return dx, dw, db
