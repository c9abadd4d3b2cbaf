"""Unit 11, convolution: layers that look through a window, and the matrices that they are.

Arrays are float64, an image is (C, H, W) and a batch of images (N, C, H, W). ``*_forward(...)`` returns ``(out, cache)``;
``*_backward(dout, cache)`` takes the upstream gradient ``dout`` = ∂L/∂out, in the shape of ``out``, and returns the gradients
∂L/∂(argument) in the order and the shapes of the forward's arguments. Convolution is what nets call so: cross-correlation,
whose filters are not flipped. Where a stride does not divide, the last rows and columns that no whole window reaches are left
out. No argument is changed in place.

The functions below are yours to write: each docstring says what is asked. Put your code where it says
``raise NotImplementedError`` and leave the other lines as they are; ``status()`` in the notebook tells how far you are.
"""

# Derived from the model answers by `gradmark stubs`: course authors change those, not this file.
# The names that ruff misses here are for the student to define, and those that it finds unused to use.
# ruff: noqa: ARG001, ARG002, F821, F841, RUF059, RUF100

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

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
    raise NotImplementedError("convolution.conv_forward_naive: not written yet")
    cache = (x, w, b, conv_param)
    return out, cache


def conv_backward_naive(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """Gradients of the convolution layer: dx = ∂L/∂x, dw = ∂L/∂w, db = ∂L/∂b.

    dout (N, F, OH, OW), cache = (x, w, b, conv_param) as in ``conv_forward_naive``; dx (N, C, H, W), dw (F, C, HH, WW), db (F,).
    A row or column of x that no window reached has the gradient 0. Nothing is averaged here. Loops are welcome.
    Source: CS231n, assignment 2; Goodfellow et al. 2016, §9.5.
    """
    raise NotImplementedError("convolution.conv_backward_naive: not written yet")
    return dx, dw, db


def conv_dilated_forward(x: Array, w: Array, b: Array, conv_param: Param) -> tuple[Array, Cache]:
    """Dilated convolution: out[n, f, i, j] = b[f] + Σ_{c, p, q} w[f, c, p, q] · xp[n, c, i·S + p·D, j·S + q·D].

    x (N, C, H, W), w (F, C, HH, WW), b (F,); conv_param = {"stride": S, "pad": P, "dilation": D}, integers. A filter looks at
    every D-th pixel, and so reaches over D·(HH − 1) + 1 rows and D·(WW − 1) + 1 columns. xp is x with P rows and columns of
    zeros added on each side; what is behind the last whole reach is left out, as in ``conv_forward_naive``. out (N, F, OH, OW)
    with OH = 1 + (H + 2P − D·(HH − 1) − 1) // S, and OW likewise. cache = (x, w, b, conv_param).
    Source: Yu & Koltun 2016, §2.
    """
    raise NotImplementedError("convolution.conv_dilated_forward: not written yet")
    cache = (x, w, b, conv_param)
    return out, cache


def conv_dilated_backward(dout: Array, cache: Cache) -> tuple[Array, Array, Array]:
    """Gradients of the dilated convolution: dx = ∂L/∂x, dw = ∂L/∂w, db = ∂L/∂b.

    dout (N, F, OH, OW), cache = (x, w, b, conv_param) as in ``conv_dilated_forward``; dx (N, C, H, W), dw (F, C, HH, WW),
    db (F,). Source: Yu & Koltun 2016, §2.
    """
    raise NotImplementedError("convolution.conv_dilated_backward: not written yet")
    return dx, dw, db


def receptive_field(kernels: Lengths, strides: Lengths) -> int:
    """Count the pixels along one axis that one output of a stack of layers depends on.

    Layer l, the first one being at the image, has a window of kernels[l] entries and the stride strides[l]; both are lists of
    positive integers, of equal length. No padding is near, and no stride is larger than the window of its layer. Returns an
    integer. Source: Araujo et al. 2019.
    """
    raise NotImplementedError("convolution.receptive_field: not written yet")


def learn_filter(x: Array, y: Array, seed: int) -> Array:
    """Learn a filter from examples by gradient descent: images, and what the filter makes of them.

    x and y (N, 1, H, W); returns w (1, 1, 3, 3), such that the convolution of x with w, with stride 1, pad 1 and no bias, is y
    with a mean squared error of at most 1e-4, over all entries. Start from random weights, drawn with ``seed``. Your
    convolution layer gives the gradient; 200 steps are more than enough.
    """
    raise NotImplementedError("convolution.learn_filter: not written yet")


def depthwise_backward(dout: Array, x: Array, w: Array, stride: int) -> tuple[Array, Array]:
    """Gradients of a depthwise 1-d convolution, out[n, c, i] = Σ_k w[c, k] · x[n, c, i·stride + k]: a filter a channel.

    **There is a fault in this function. Find it, and mend it.** dout (N, C, OL), x (N, C, L), w (C, K), stride an integer, and
    OL = 1 + (L − K) // stride; returns dx (N, C, L) and dw (C, K). Source: Chollet 2017.
    """
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    end = stride * dout.shape[2]
    for k in range(w.shape[1]):
        dx[:, :, k : k + end : stride] += dout * w[:, k, None]
        dw[:, k] += (dout * x[:, :, k : k + dout.shape[2]]).sum(axis=(0, 2))
    return dx, dw


def is_conv_backward(backward: Backward) -> bool:
    """Write a test: decide whether a function is the backward pass of a convolution layer.

    ``backward(dout, x, w, stride, pad)`` returns (dx, dw, db) of the layer of ``conv_forward_naive``, whose bias b (F,) does not
    enter its gradients: x (N, C, H, W), w (F, C, HH, WW), dout (N, F, OH, OW). It is a candidate, right or wrong, that you get to
    call as often as you like, on inputs of your choice, with strides from 1 to 3 and pads from 0 to 2. Return True if it is right
    on all such inputs, and False if it is wrong on some. A candidate may raise an error; then it is wrong. You may use anything
    that you have written in this unit. Keep the arrays small: candidates have loops.
    """
    raise NotImplementedError("convolution.is_conv_backward: not written yet")


def prediction_bias_gradient() -> float:
    """Predict a bias gradient before you compute it. Return the number.

    A convolution layer has an output of shape (2, 3, 4, 5), and the upstream gradient is 1 everywhere. What is db[0]?
    """
    raise NotImplementedError("convolution.prediction_bias_gradient: not written yet")


def prediction_receptive_field() -> int:
    """Predict how many pixels along one axis one output depends on. Return the number.

    Three layers are stacked, each with windows of 3; the first has stride 2, the second and the third have stride 1.
    """
    raise NotImplementedError("convolution.prediction_receptive_field: not written yet")


def conv_output_size(size: int, kernel: int, stride: int = 1, pad: int = 0, dilation: int = 1) -> int:
    """Count the positions of a window along one axis.

    ``size`` entries with ``pad`` zeros added at both ends; a window of ``kernel`` entries that are ``dilation`` apart moves by
    ``stride``. Only windows that lie wholly inside count: what is behind the last one is left out. All arguments are integers,
    and one window fits at least. Returns an integer. Source: Dumoulin & Visin 2016.
    """
    raise NotImplementedError("convolution.conv_output_size: not written yet")


def conv1d_matrix(w: Array, size: int, stride: int = 1) -> Array:
    """Write a 1-d convolution as a matrix: T @ x has the entries Σ_k w[k] · x[i·stride + k], for each x of ``size`` entries.

    w (K,), with K ≤ size; T (OL, size), one row for each of the OL = 1 + (size − K) // stride windows that lie wholly inside.
    Every row holds w, moved on by stride, and zeros: T is banded. Source: Goodfellow et al. 2016, §9.1.
    """
    raise NotImplementedError("convolution.conv1d_matrix: not written yet")


def im2col(x: Array, height: int, width: int, stride: int, pad: int) -> Array:
    """Lay out what each window of a convolution sees as a row of a matrix.

    x (N, C, H, W) gets ``pad`` rows and columns of zeros on each side; a window is (C, height, width). Returns
    (N·OH·OW, C·height·width): rows in the order of n, i, j (the last fastest), where i and j number the windows from the top
    and from the left, OH = 1 + (H + 2·pad − height) // stride and OW likewise; columns in the order of c, p, q, as
    ``w.reshape(F, -1)`` has them. Source: Chellapilla et al. 2006.
    """
    raise NotImplementedError("convolution.im2col: not written yet")


def col2im(cols: Array, x_shape: tuple[int, int, int, int], height: int, width: int, stride: int, pad: int) -> Array:
    """Adjoint of ``im2col``: every entry of ``cols`` is added to the pixel that ``im2col`` took it from.

    cols (N·OH·OW, C·height·width) in the layout of ``im2col``, x_shape = (N, C, H, W); returns an array of that shape. A pixel
    that several windows saw gets the sum of all of them; what came from the padding is dropped. For all x and y,
    ⟨im2col(x), y⟩ = ⟨x, col2im(y)⟩. Source: Chellapilla et al. 2006.
    """
    raise NotImplementedError("convolution.col2im: not written yet")


def conv_im2col(x: Array, w: Array, b: Array, conv_param: Param) -> Array:
    """The convolution layer once more, as one matrix product and without a loop: out as in ``conv_forward_naive``.

    x (N, C, H, W), w (F, C, HH, WW), b (F,), conv_param = {"stride": S, "pad": P}; out (N, F, OH, OW). There is no loop in it,
    nor in what it calls of yours. ``np.lib.stride_tricks.sliding_window_view`` is allowed, and so are index arrays.
    Source: Chellapilla et al. 2006.
    """
    raise NotImplementedError("convolution.conv_im2col: not written yet")


def conv_transpose(x: Array, w: Array, conv_param: Param) -> Array:
    """Transposed convolution: the adjoint of the convolution with w, and no inverse of it.

    x (N, F, H, W), w (F, C, HH, WW), conv_param = {"stride": S, "pad": P}. Every entry x[n, f, i, j] adds x[n, f, i, j] · w[f]
    to an array of zeros, with its first corner at row i·S and column j·S; then P rows and columns are cut off at each side.
    out (N, C, OH, OW) with OH = S·(H − 1) + HH − 2P, and OW likewise. If conv is the convolution with the same w, S and P and
    no bias, ⟨conv(u), x⟩ = ⟨u, conv_transpose(x)⟩ for each u in the shape of out. Source: Dumoulin & Visin 2016, ch. 4.
    """
    raise NotImplementedError("convolution.conv_transpose: not written yet")


def max_pool_forward_naive(x: Array, pool_param: Param) -> tuple[Array, tuple[Array, Param]]:
    """Max pooling: out[n, c, i, j] is the largest entry of the window x[n, c, i·S : i·S + PH, j·S : j·S + PW].

    x (N, C, H, W), pool_param = {"pool_height": PH, "pool_width": PW, "stride": S}, integers; windows overlap where S is less
    than PH or PW. out (N, C, OH, OW) with OH = 1 + (H − PH) // S and OW = 1 + (W − PW) // S: rows and columns behind the last
    whole window are left out. cache = (x, pool_param). Source: CS231n, assignment 2.
    """
    raise NotImplementedError("convolution.max_pool_forward_naive: not written yet")
    cache = (x, pool_param)
    return out, cache


def max_pool_backward_naive(dout: Array, cache: tuple[Array, Param]) -> Array:
    """Gradient of max pooling: dx = ∂L/∂x.

    dout (N, C, OH, OW), cache = (x, pool_param) as in ``max_pool_forward_naive``; dx (N, C, H, W). Where two entries of a window
    are its largest, its gradient goes to one of them, or is shared so that the shares add up to it: any such subgradient is right.
    Source: CS231n, assignment 2.
    """
    raise NotImplementedError("convolution.max_pool_backward_naive: not written yet")


def avg_pool_forward_naive(x: Array, pool_param: Param) -> tuple[Array, tuple[Array, Param]]:
    """Average pooling: out[n, c, i, j] is the mean of the PH·PW entries of a window, zeros of the padding included.

    x (N, C, H, W), pool_param = {"pool_height": PH, "pool_width": PW, "stride": S, "pad": P}, integers. x gets P rows and columns
    of zeros on each side, and every window is divided by PH·PW, also where it lies partly or wholly in the padding.
    out (N, C, OH, OW) with OH = 1 + (H + 2P − PH) // S, and OW likewise; rows and columns behind the last whole window are left
    out. cache = (x, pool_param). Source: Goodfellow et al. 2016, §9.3.
    """
    raise NotImplementedError("convolution.avg_pool_forward_naive: not written yet")
    cache = (x, pool_param)
    return out, cache


def avg_pool_backward_naive(dout: Array, cache: tuple[Array, Param]) -> Array:
    """Gradient of average pooling: dx = ∂L/∂x.

    dout (N, C, OH, OW), cache = (x, pool_param) as in ``avg_pool_forward_naive``; dx (N, C, H, W).
    Source: Goodfellow et al. 2016, §9.3.
    """
    raise NotImplementedError("convolution.avg_pool_backward_naive: not written yet")


def global_avg_pool_forward(x: Array) -> tuple[Array, Array]:
    """Global average pooling: out[n, c] is the mean of channel c of image n.

    x (N, C, H, W); out (N, C), cache = x. Source: Lin et al. 2014, §3.2.
    """
    raise NotImplementedError("convolution.global_avg_pool_forward: not written yet")
    cache = x
    return out, cache


def global_avg_pool_backward(dout: Array, cache: Array) -> Array:
    """Gradient of global average pooling: dx = ∂L/∂x.

    dout (N, C), cache = x; dx (N, C, H, W). Source: Lin et al. 2014, §3.2.
    """
    raise NotImplementedError("convolution.global_avg_pool_backward: not written yet")


def question_parameters() -> int:
    """Count the parameters of a convolution layer, biases included. Return the number.

    The input has 3 channels of 32 by 32 pixels; the layer has 16 filters of 5 by 5 pixels, stride 1 and no padding.
    """
    raise NotImplementedError("convolution.question_parameters: not written yet")


def question_flip() -> str:
    """Choose what it means that nets compute a cross-correlation, and not the convolution of mathematics. Return one letter.

    (a) A net that is trained with one of the two can represent functions that it cannot with the other.
    (b) The filters are stored turned by 180°, and the functions that can be learnt are the same.
    (c) The gradient with respect to the input is right for the convolution of mathematics only.
    (d) It is only a name: the two are equal for each filter.
    """
    raise NotImplementedError("convolution.question_flip: not written yet")


def question_shifts() -> list[str]:
    """Choose all layers that a shift goes through: shift the image by one pixel, and the output is shifted by one.

    Leave the borders out of account.
    (a) a convolution with stride 1   (b) a convolution with stride 2   (c) a ReLU   (d) max pooling with stride 1
    (e) an affine layer on the flattened image
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    raise NotImplementedError("convolution.question_shifts: not written yet")


def question_pool_gradients() -> str:
    """Choose what is true of the gradients of pooling layers with windows of 2 by 2 and stride 2. Return one letter.

    (a) Both hand the gradient of a window to its largest entry.
    (b) In max pooling all four entries of a window get the gradient of the window, in average pooling a quarter of it.
    (c) In both the entries of dx in a window add up to the entry of dout that belongs to it.
    (d) In average pooling each entry gets a share in proportion to its value.
    """
    raise NotImplementedError("convolution.question_pool_gradients: not written yet")


def question_im2col_entries() -> int:
    """Count the entries of the matrix that ``im2col`` makes. Return the number.

    The batch is (1, 8, 32, 32), the filters are 3 by 3, with stride 1 and pad 1.
    """
    raise NotImplementedError("convolution.question_im2col_entries: not written yet")


def question_same_padding() -> str:
    """Write the padding that keeps the size of an image at stride 1, as a formula in K and D. Return it as text.

    K is the number of rows of the filter, an odd number, and D the dilation: OH = 1 + H + 2P − D·(K − 1) − 1
    is to be H.
    """
    raise NotImplementedError("convolution.question_same_padding: not written yet")


def question_symptoms() -> dict[str, str]:
    """Match what a gradient check of a convolution layer shows with the mistake.

    (a) All of it is right as long as the windows do not overlap; where they do, dx is wrong, and dw is still right.
    (b) dw and db are right everywhere; dx is right without padding and is shifted with it.
    (c) All of it is right at stride 1; at stride 2 both dx and dw are wrong.
    (d) All of it is right for square images with square filters; for others it fails.
    (1) Height and width are swapped somewhere.   (2) The padding is cut off at the wrong side.
    (3) The windows are taken one pixel apart.   (4) Windows overwrite each other's gradients.
    Return a dict from each letter to a digit, such as {"a": "1", "b": "2", "c": "3", "d": "4"}; each digit is
    used once.
    """
    raise NotImplementedError("convolution.question_symptoms: not written yet")


def question_transposed() -> str:
    """Choose what a transposed convolution does. Return one letter.

    (a) It gives back the input of the convolution with the same filters.
    (b) It gives back the input if the convolution had stride 1 and no padding.
    (c) It does what the backward pass of the convolution with the same filters does to dout.
    (d) It is the convolution with rows and columns of its output exchanged.
    """
    raise NotImplementedError("convolution.question_transposed: not written yet")
