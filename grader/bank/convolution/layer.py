"""The convolution layer, forward and backward."""

from __future__ import annotations

import numpy as np

from grader.bank.convolution.windows import (
    EULER,
    GRADIENTS,
    LAYER,
    OUT,
    TAILS,
    convolved,
    cropped,
    gathered,
    padded,
    put_back,
    seen,
    sent_back,
)
from grader.bank.forms import backward_pass, forward_pass

conv_forward_naive = forward_pass("convolution.conv_forward_naive", LAYER, points=4, places={"out": OUT}, tails=TAILS)


@conv_forward_naive.mistake(
    "The filter is turned by 180°: that is the convolution of mathematics. Layers compute the cross-correlation."
)
def flips_the_filter(x, w, b, conv_param):
    return convolved(padded(x, conv_param["pad"]), w[:, :, ::-1, ::-1], b, conv_param["stride"]), (x, w, b, conv_param)


@conv_forward_naive.mistake("The bias is missing from the output.")
def forgets_the_bias(x, w, b, conv_param):
    return convolved(padded(x, conv_param["pad"]), w, 0 * b, conv_param["stride"]), (x, w, b, conv_param)


@conv_forward_naive.mistake("The bias comes in once for each channel: it belongs to the output, after the sum.")
def adds_the_bias_for_each_channel(x, w, b, conv_param):
    out = convolved(padded(x, conv_param["pad"]), w, x.shape[1] * b, conv_param["stride"])
    return out, (x, w, b, conv_param)


@conv_forward_naive.mistake(
    "Right at stride 1 only: the windows are taken one pixel apart, and the stride counts in the size of the output alone."
)
def moves_by_one_pixel(x, w, b, conv_param):
    stride, xp = conv_param["stride"], padded(x, conv_param["pad"])
    rows, columns = 1 + (xp.shape[2] - w.shape[2]) // stride, 1 + (xp.shape[3] - w.shape[3]) // stride
    return convolved(xp, w, b, 1)[:, :, :rows, :columns], (x, w, b, conv_param)


@conv_forward_naive.mistake("Right without padding only: pad is an argument, and no zeros are put around the image.")
def forgets_to_pad(x, w, b, conv_param):
    return convolved(x, w, b, conv_param["stride"]), (x, w, b, conv_param)


@conv_forward_naive.mistake(
    "All zeros of the padding are put below and to the right of the image: half belong above and left."
)
def pads_one_side(x, w, b, conv_param):
    pad = conv_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))
    return convolved(xp, w, b, conv_param["stride"]), (x, w, b, conv_param)


@conv_forward_naive.mistake("The zeros lie above and left of the image alone: they belong below and right of it too.")
def pads_above_and_left_alone(x, w, b, conv_param):
    pad = conv_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, 0), (pad, 0)))
    return convolved(xp, w, b, conv_param["stride"]), (x, w, b, conv_param)


@conv_forward_naive.mistake("The size of the output is that without padding: the last windows are missing.")
def counts_windows_of_the_bare_image(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    rows, columns = (max(0, 1 + (x.shape[a] - w.shape[a]) // stride) for a in (2, 3))
    return convolved(padded(x, pad), w, b, stride)[:, :, :rows, :columns], (x, w, b, conv_param)


@conv_forward_naive.mistake(
    "The padding is added along all axes: it is for rows and columns, and not for examples and channels."
)
def pads_all_axes(x, w, b, conv_param):
    xp = np.pad(x, conv_param["pad"])[: len(x), : x.shape[1]]
    return convolved(xp, w, b, conv_param["stride"]), (x, w, b, conv_param)


@conv_forward_naive.mistake("The border of the image is repeated where zeros are to be added.")
def repeats_the_border(x, w, b, conv_param):
    pad = conv_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="edge")
    return convolved(xp, w, b, conv_param["stride"]), (x, w, b, conv_param)


@conv_forward_naive.mistake("Height and width are swapped in the output. A square image would not show it.")
def swaps_height_and_width(x, w, b, conv_param):
    out = convolved(padded(x, conv_param["pad"]), w, b, conv_param["stride"])
    return np.swapaxes(out, 2, 3), (x, w, b, conv_param)


@conv_forward_naive.mistake(
    "One channel of the image alone is looked at: a filter has a slice for each channel, and sums."
)
def looks_at_one_channel(x, w, b, conv_param):
    out = convolved(padded(x, conv_param["pad"])[:, :1], w[:, :1], b, conv_param["stride"])
    return out, (x, w, b, conv_param)


@conv_forward_naive.mistake(
    "The output is too large where the stride does not divide: a window that lies partly outside does not count."
)
def rounds_up(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    more = [-(x.shape[a] + 2 * pad - w.shape[a]) % stride for a in (2, 3)]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad + more[0]), (pad, pad + more[1])))
    return convolved(xp, w, b, stride), (x, w, b, conv_param)


conv_backward_naive = backward_pass(
    "convolution.conv_backward_naive",
    LAYER,
    ("N", "F", "OH", "OW"),
    points=6,
    outputs=("dx", "dw", "db"),
    places=GRADIENTS,
    invariants=(EULER,),
    tails=TAILS,
)


def backward_of(dout, cache):
    """Return the right gradients, dx with its padding."""
    x, w, _, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    dxp = put_back(sent_back(dout, w), x.shape, pad, stride)
    return dxp, gathered(dout, padded(x, pad), w, stride), dout.sum(axis=(0, 2, 3))


def right_but(dout, cache, **changed):
    """Return the right gradients with some of them in another form."""
    x, _, _, conv_param = cache
    dxp, dw, db = backward_of(dout, cache)
    return tuple({"dx": cropped(dxp, x.shape, conv_param["pad"]), "dw": dw, "db": db, **changed}.values())


@conv_backward_naive.mistake(
    "dx goes back through a filter that is turned by 180°. Which weight met which pixel in the forward pass?"
)
def sends_back_through_a_flipped_filter(dout, cache):
    x, w, _, conv_param = cache
    pad = conv_param["pad"]
    dxp = put_back(sent_back(dout, w[:, :, ::-1, ::-1]), x.shape, pad, conv_param["stride"])
    return right_but(dout, cache, dx=cropped(dxp, x.shape, pad))


@conv_backward_naive.mistake(
    "dx is right without padding: with it the first rows and columns are kept, which belong to the padding."
)
def crops_at_zero(dout, cache):
    x = cache[0]
    return right_but(dout, cache, dx=backward_of(dout, cache)[0][:, :, : x.shape[2], : x.shape[3]])


@conv_backward_naive.mistake("dx is empty where pad is 0: what does a slice up to −0 hold?")
def crops_up_to_minus_pad(dout, cache):
    pad = cache[3]["pad"]
    return right_but(dout, cache, dx=backward_of(dout, cache)[0][:, :, pad:-pad, pad:-pad])


@conv_backward_naive.mistake("dx still has the padding around it: its shape must be that of x.")
def keeps_the_padding(dout, cache):
    return right_but(dout, cache, dx=backward_of(dout, cache)[0])


@conv_backward_naive.mistake(
    "dx is too small where the stride does not divide: pixels that no window reached have a gradient too, and it is 0."
)
def leaves_out_what_no_window_reached(dout, cache):
    _, w, _, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    ends = [stride * (dout.shape[a] - 1) + w.shape[a] for a in (2, 3)]
    dxp = backward_of(dout, cache)[0][:, :, : ends[0], : ends[1]]
    return right_but(dout, cache, dx=dxp[:, :, pad : ends[0] - pad, pad : ends[1] - pad])


@conv_backward_naive.mistake(
    "dw is right at stride 1 only: its windows are taken one pixel apart, where the forward pass moved by the stride."
)
def forgets_the_stride_in_dw(dout, cache):
    x, w, _, conv_param = cache
    rows, columns = dout.shape[2:]
    windows = seen(padded(x, conv_param["pad"]), w.shape[2], w.shape[3], stride=1)[:, :, :rows, :columns]
    return right_but(dout, cache, dw=np.einsum("nfij,ncijpq->fcpq", dout, windows))


@conv_backward_naive.mistake(
    "dx is right at stride 1 only: its windows lie one pixel apart, where the forward pass moved by the stride."
)
def goes_back_by_one_pixel(dout, cache):
    x, w, _, conv_param = cache
    pad = conv_param["pad"]
    rows, columns = dout.shape[2:]
    dxp = put_back(sent_back(dout, w), x.shape, pad, 1)
    dw = np.einsum(
        "nfij,ncijpq->fcpq", dout, seen(padded(x, pad), w.shape[2], w.shape[3], stride=1)[:, :, :rows, :columns]
    )
    return right_but(dout, cache, dx=cropped(dxp, x.shape, pad), dw=dw)


@conv_backward_naive.mistake(
    "dx is right as long as windows do not overlap: a pixel that several of them saw keeps the gradient of the last one alone."
)
def overwrites_where_windows_overlap(dout, cache):
    x, w, _, conv_param = cache
    pad = conv_param["pad"]
    dxp = put_back(sent_back(dout, w), x.shape, pad, conv_param["stride"], overwrite=True)
    return right_but(dout, cache, dx=cropped(dxp, x.shape, pad))


@conv_backward_naive.mistake(
    "Each filter and each window overwrites in dx what those before it have sent to a pixel: it reached all of them."
)
def overwrites_for_each_filter_and_window(dout, cache):
    x, w, _, conv_param = cache
    pad, stride = conv_param["pad"], conv_param["stride"]
    dxp = np.zeros_like(padded(x, pad))
    for f, i, j in np.ndindex(*dout.shape[1:]):
        rows = np.s_[i * stride : i * stride + w.shape[2]]
        dxp[:, :, rows, j * stride : j * stride + w.shape[3]] = dout[:, f, i, j, None, None, None] * w[f]
    return right_but(dout, cache, dx=cropped(dxp, x.shape, pad))


@conv_backward_naive.mistake("dx has the part of the last filter alone: each pixel reached all of them.")
def keeps_the_last_filter(dout, cache):
    x, w, _, conv_param = cache
    pad = conv_param["pad"]
    dxp = put_back(sent_back(dout[:, -1:], w[-1:]), x.shape, pad, conv_param["stride"])
    return right_but(dout, cache, dx=cropped(dxp, x.shape, pad))


@conv_backward_naive.mistake(
    "dw has the part of the last window alone: a weight is used at every position, in every image."
)
def keeps_the_last_window_in_dw(dout, cache):
    x, w, _, conv_param = cache
    windows = seen(padded(x, conv_param["pad"]), w.shape[2], w.shape[3], stride=conv_param["stride"])
    return right_but(dout, cache, dw=np.einsum("f,cpq->fcpq", dout[-1, :, -1, -1], windows[-1, :, -1, -1]))


@conv_backward_naive.mistake(
    "This gradient is averaged over the examples. If a mean belongs anywhere, it is in the loss, and came with dout."
)
def averages_over_the_batch(dout, cache):
    dx, dw, db = right_but(dout, cache)
    return dx / len(dout), dw / len(dout), db / len(dout)


@conv_backward_naive.mistake(
    "db is a mean: the bias is added at every position of every image, and each of these paths counts."
)
def averages_db(dout, cache):
    return right_but(dout, cache, db=dout.mean(axis=(0, 2, 3)))


@conv_backward_naive.mistake(
    "db is summed over the images, and its positions are kept: there is one bias for each filter."
)
def keeps_positions_in_db(dout, cache):
    return right_but(dout, cache, db=dout.sum(axis=0))


@conv_backward_naive.mistake("Height and width are swapped in dw. A square filter would not show it.")
def swaps_height_and_width_of_dw(dout, cache):
    return right_but(dout, cache, dw=np.swapaxes(backward_of(dout, cache)[1], 2, 3))


@conv_backward_naive.mistake(
    "For dw the padding lies on one side of the image only. Where did the forward pass put it?"
)
def pads_one_side_for_dw(dout, cache):
    x, w, _, conv_param = cache
    pad = conv_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))
    return right_but(dout, cache, dw=gathered(dout, xp, w, conv_param["stride"]))
