"""The dilated convolution, forward and backward."""

from __future__ import annotations

import numpy as np

from grader.bank.convolution.windows import (
    DILATED,
    EULER,
    GRADIENTS,
    OUT,
    TAILS,
    convolved,
    cropped,
    gathered,
    lengths,
    padded,
    parameters,
    put_back,
    seen,
    sent_back,
)
from grader.bank.forms import backward_pass, forward_pass
from grader.judging import array

LAYER = {
    "x": array("N", "C", "H", "W", lengths=lengths(DILATED)),
    "w": array("F", "C", "HH", "WW"),
    "b": array("F"),
    "conv_param": parameters(stride="S", pad="P", dilation="D"),
}


def read(conv_param):
    """Return the stride, the pad and the dilation."""
    return conv_param["stride"], conv_param["pad"], conv_param["dilation"]


conv_dilated_forward = forward_pass("convolution.conv_dilated_forward", LAYER, places={"out": OUT}, tails=TAILS)


@conv_dilated_forward.mistake("The filter looks at neighbouring pixels: that is dilation 1, whatever conv_param says.")
def ignores_the_dilation(x, w, b, conv_param):
    stride, pad, _ = read(conv_param)
    return convolved(padded(x, pad), w, b, stride), (x, w, b, conv_param)


@conv_dilated_forward.mistake(
    "The size of the output is right, but inside a window neighbouring pixels are looked at: they are dilation apart."
)
def looks_at_neighbours(x, w, b, conv_param):
    stride, pad, dilation = read(conv_param)
    rows, columns = seen(padded(x, pad), w.shape[2], w.shape[3], stride=stride, dilation=dilation).shape[2:4]
    return convolved(padded(x, pad), w, b, stride)[:, :, :rows, :columns], (x, w, b, conv_param)


@conv_dilated_forward.mistake(
    "A window of K entries is taken to reach over K gaps: it has K − 1, and the last windows are missing."
)
def reaches_a_gap_too_far(x, w, b, conv_param):
    stride, pad, dilation = read(conv_param)
    rows, columns = (max(0, 1 + (x.shape[a] + 2 * pad - dilation * w.shape[a]) // stride) for a in (2, 3))
    return convolved(padded(x, pad), w, b, stride, dilation)[:, :, :rows, :columns], (x, w, b, conv_param)


@conv_dilated_forward.mistake("The windows move on by the dilation too: they move by the stride alone.")
def moves_by_the_dilation(x, w, b, conv_param):
    stride, pad, dilation = read(conv_param)
    return convolved(padded(x, pad), w, b, stride * dilation, dilation), (x, w, b, conv_param)


@conv_dilated_forward.mistake("The filter is turned by 180°: layers compute the cross-correlation.")
def flips_the_dilated_filter(x, w, b, conv_param):
    stride, pad, dilation = read(conv_param)
    return convolved(padded(x, pad), w[:, :, ::-1, ::-1], b, stride, dilation), (x, w, b, conv_param)


@conv_dilated_forward.mistake("The bias is missing from the output.")
def forgets_the_bias_of_the_dilated(x, w, b, conv_param):
    stride, pad, dilation = read(conv_param)
    return convolved(padded(x, pad), w, 0 * b, stride, dilation), (x, w, b, conv_param)


@conv_dilated_forward.mistake("The padding grows with the dilation: pad says how many zeros there are.")
def pads_by_the_dilation(x, w, b, conv_param):
    stride, pad, dilation = read(conv_param)
    return convolved(padded(x, pad * dilation), w, b, stride, dilation), (x, w, b, conv_param)


conv_dilated_backward = backward_pass(
    "convolution.conv_dilated_backward",
    LAYER,
    ("N", "F", "OH", "OW"),
    points=3,
    outputs=("dx", "dw", "db"),
    places=GRADIENTS,
    invariants=(EULER,),
    tails=TAILS,
)


def right_but(dout, cache, **changed):
    """Return the right gradients with some of them in another form."""
    x, w, _, conv_param = cache
    stride, pad, dilation = read(conv_param)
    dx = cropped(put_back(sent_back(dout, w), x.shape, pad, stride, dilation), x.shape, pad)
    dw = gathered(dout, padded(x, pad), w, stride, dilation)
    return tuple({"dx": dx, "dw": dw, "db": dout.sum(axis=(0, 2, 3)), **changed}.values())


@conv_dilated_backward.mistake(
    "dx goes back to neighbouring pixels: the forward pass looked at pixels that are dilation apart."
)
def sends_back_to_neighbours(dout, cache):
    x, w, _, conv_param = cache
    stride, pad, _ = read(conv_param)
    return right_but(dout, cache, dx=cropped(put_back(sent_back(dout, w), x.shape, pad, stride), x.shape, pad))


@conv_dilated_backward.mistake(
    "dw is gathered from neighbouring pixels: the forward pass looked at pixels that are dilation apart."
)
def gathers_from_neighbours(dout, cache):
    x, w, _, conv_param = cache
    stride, pad, _ = read(conv_param)
    rows, columns = dout.shape[2:]
    windows = seen(padded(x, pad), w.shape[2], w.shape[3], stride=stride)[:, :, :rows, :columns]
    return right_but(dout, cache, dw=np.einsum("nfij,ncijpq->fcpq", dout, windows))


@conv_dilated_backward.mistake("Pixels that several windows saw keep the gradient of the last one alone: paths add up.")
def overwrites_what_windows_share(dout, cache):
    x, w, _, conv_param = cache
    stride, pad, dilation = read(conv_param)
    dxp = put_back(sent_back(dout, w), x.shape, pad, stride, dilation, overwrite=True)
    return right_but(dout, cache, dx=cropped(dxp, x.shape, pad))


@conv_dilated_backward.mistake(
    "dx has the first rows and columns of the padding, and lacks the last ones of the image."
)
def crops_the_dilated_at_zero(dout, cache):
    x, w, _, conv_param = cache
    stride, pad, dilation = read(conv_param)
    dxp = put_back(sent_back(dout, w), x.shape, pad, stride, dilation)
    return right_but(dout, cache, dx=dxp[:, :, : x.shape[2], : x.shape[3]])


@conv_dilated_backward.mistake(
    "db is a mean: the bias is added at every position of every image, and each of these paths counts."
)
def averages_db_of_the_dilated(dout, cache):
    return right_but(dout, cache, db=dout.mean(axis=(0, 2, 3)))
