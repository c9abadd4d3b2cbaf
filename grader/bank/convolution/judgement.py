"""Exercises that grade judgement: predictions, a depthwise convolution with a planted fault, a test of backward passes to write."""

from __future__ import annotations

import numpy as np

from grader.bank.convolution.candidates import RIGHT, WRONG, by_entries
from grader.bank.forms import checker, plain, planted_fault, prediction
from grader.judging import Invariant, array, drawn

# -------------------------------------------------------------------------------------- receptive field


def stack(m):
    """Draw the windows and the strides of one to five layers; no stride is larger than its window."""
    kernels = [int(k) for k in m.rng.integers(1, 6, 1 + m.recipe.sizes[0] % 5)]
    return kernels, [int(m.rng.integers(1, min(k, 3) + 1)) for k in kernels]


def kernels_of(m):
    """Return the windows, and keep the strides for the next input."""
    kernels, strides = stack(m)
    m.dims |= {f"stride {i}": s for i, s in enumerate(strides)}
    return kernels


receptive_field = plain(
    "convolution.receptive_field",
    {
        "kernels": drawn(kernels_of),
        "strides": drawn(lambda m: [s for name, s in m.dims.items() if name.startswith("stride ")]),
    },
    ("pixels",),
)


def grown(kernels, strides, step_first=False):
    """Return 1 + Σ (kernel − 1)·(product of the strides before it), or with its own stride in it."""
    size, step = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        step, before = step * stride, step
        size += (kernel - 1) * (step if step_first else before)
    return size


@receptive_field.mistake("The strides do not come in: behind a stride of 2 each entry stands for two pixels.")
def leaves_the_strides_out(kernels, strides):
    return grown(kernels, [1] * len(strides))


@receptive_field.mistake("The windows are multiplied: two windows of 3 one above the other see 5 pixels, and not 9.")
def multiplies_the_windows(kernels, strides):
    return int(np.prod(kernels))


@receptive_field.mistake("A layer's own stride widens its window here: it widens those of the layers above it.")
def counts_the_own_stride(kernels, strides):
    return grown(kernels, strides, step_first=True)


@receptive_field.mistake("The layers are taken from the top: the first one is at the image.")
def begins_at_the_top(kernels, strides):
    return grown(kernels[::-1], strides[::-1])


@receptive_field.mistake("Each stride acts on the next layer alone: strides multiply on their way up.")
def forgets_earlier_strides(kernels, strides):
    return 1 + sum((k - 1) * s for k, s in zip(kernels, [1, *strides[:-1]], strict=True))


@receptive_field.mistake("One pixel is missing: an output of no layer at all depends on one.")
def begins_with_no_pixel(kernels, strides):
    return grown(kernels, strides) - 1


@receptive_field.mistake("Each layer adds its whole window: a window of K adds K − 1 pixels to the one that is there.")
def adds_whole_windows(kernels, strides):
    steps = np.cumprod([1, *strides[:-1]])
    return int(sum(k * s for k, s in zip(kernels, steps, strict=True)))


# -------------------------------------------------------------------------------------------- depthwise
ROWS = ((7, 3, 2), (6, 2, 1), (8, 2, 3), (9, 4, 2), (5, 3, 1), (8, 3, 4), (10, 4, 3), (4, 3, 1), (9, 5, 1), (5, 2, 2))
"""Lengths, windows and strides of 1-d cases: long and short ones at each stride, windows that overlap and that do not."""


def trace(m):
    """Give the lengths of a 1-d case."""
    n, c, k = (1 + (s - 1) % 3 for s in m.recipe.sizes[:3])
    length, width, stride = ROWS[m.recipe.seed % len(ROWS)]
    return {"N": n, "C": 1 + (c + k) % 4, "L": length, "K": width, "S": stride, "OL": 1 + (length - width) // stride}


def channel_by_channel(inputs, outputs):
    """Compare ⟨x, dx⟩ with ⟨w, dw⟩ in each channel."""
    return np.sum(inputs["x"] * outputs["dx"], axis=(0, 2)) - np.sum(inputs["w"] * outputs["dw"], axis=1)


depthwise_backward = planted_fault(
    "convolution.depthwise_backward",
    {
        "dout": array("N", "C", "OL", lengths=trace),
        "x": array("N", "C", "L"),
        "w": array("C", "K"),
        "stride": drawn(lambda m: m.dims["S"]),
    },
    ("dx", "dw"),
    planted="takes_neighbours_for_dw",
    points=3,
    places={"dx": ("example", "channel", "position"), "dw": ("channel", "weight")},
    invariants=(
        Invariant(
            "x_dx_is_w_dw",
            "In each channel the sum of x·dx is that of w·dw, since the output is linear in both; yours differ.",
            channel_by_channel,
        ),
    ),
)


@depthwise_backward.mistake("dw is right at stride 1 only. Which entries of x did a weight meet?")
def takes_neighbours_for_dw(dout, x, w, stride):
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    end = stride * dout.shape[2]
    for k in range(w.shape[1]):
        dx[:, :, k : k + end : stride] += dout * w[:, k, None]
        dw[:, k] += (dout * x[:, :, k : k + dout.shape[2]]).sum(axis=(0, 2))
    return dx, dw


def both(dout, x, w, stride):
    """Return the right gradients."""
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    end = stride * dout.shape[2]
    for k in range(w.shape[1]):
        dx[:, :, k : k + end : stride] += dout * w[:, k, None]
        dw[:, k] += (dout * x[:, :, k : k + end : stride]).sum(axis=(0, 2))
    return dx, dw


@depthwise_backward.mistake("dx is overwritten where windows overlap: what several weights send to an entry adds up.")
def overwrites_entries(dout, x, w, stride):
    dx, dw = both(dout, x, w, stride)
    dx = np.zeros_like(dx)
    for k in range(w.shape[1]):
        dx[:, :, k : k + stride * dout.shape[2] : stride] = dout * w[:, k, None]
    return dx, dw


@depthwise_backward.mistake("dx goes back through filters that are turned around.")
def turns_filters_around(dout, x, w, stride):
    return both(dout, x, w[:, ::-1], stride)[0], both(dout, x, w, stride)[1]


@depthwise_backward.mistake("dw is averaged over the examples: each of them used the weights, and paths add up.")
def averages_dw_of_channels(dout, x, w, stride):
    dx, dw = both(dout, x, w, stride)
    return dx, dw / len(x)


@depthwise_backward.mistake("dw is the same for all channels: each channel has its own filter.")
def sums_dw_over_channels(dout, x, w, stride):
    dx, dw = both(dout, x, w, stride)
    return dx, np.broadcast_to(dw.sum(axis=0), dw.shape).copy()


# ------------------------------------------------------------------------------------------ predictions
prediction_bias_gradient = prediction(
    "convolution.prediction_bias_gradient",
    {
        1.0: "The bias of a filter is added at more than one place.",
        2.0: "The bias comes in once for each image, and at each position of it.",
        20.0: "That is what one image sends back. There are two.",
        120.0: "There is a bias for each filter: the three do not share one.",
    },
    tolerance=1e-9,
)
prediction_receptive_field = prediction(
    "convolution.prediction_receptive_field",
    {
        7: "That is without the stride: one step in the second layer is two pixels in the image.",
        9: "The stride of the first layer widens the windows of both layers above it.",
        13: "The first layer itself looks at neighbouring pixels: its own stride comes in behind it.",
        27: "Windows that lie one above the other overlap: their sizes are not multiplied.",
    },
    tolerance=1e-9,
)


# --------------------------------------------------------------------------- a test of backward passes
def put(is_conv_backward, candidate):
    return is_conv_backward(candidate)


is_conv_backward = checker("convolution.is_conv_backward", put, RIGHT, WRONG, points=5)
SHAPES = (  # x, w, stride, pad
    ((2, 3, 5, 6), (4, 3, 3, 2), 1, 0),
    ((3, 2, 4, 6), (1, 2, 2, 3), 1, 2),
    ((2, 3, 7, 5), (4, 3, 3, 2), 2, 1),
    ((1, 2, 8, 7), (3, 2, 4, 2), 3, 0),
)


def tried(backward, shapes, *, ones=False, of=(0, 1, 2), over_errors=False):
    """Try a backward pass on inputs of these shapes; ``of``: the gradients looked at, ``over_errors``: what raises is left out."""
    rng = np.random.default_rng(1)
    for images, filters, stride, pad in shapes:
        x, w = rng.standard_normal(images), rng.standard_normal(filters)
        rows, columns = (1 + (images[a] + 2 * pad - filters[a]) // stride for a in (2, 3))
        dout = 3 * rng.standard_normal((images[0], filters[0], rows, columns))
        dout = np.ones_like(dout) if ones else dout
        right = by_entries(dout, x, w, stride, pad)
        try:
            got = backward(dout.copy(), x.copy(), w.copy(), stride, pad)
        except (AssertionError, ValueError, TypeError, IndexError):
            if over_errors:
                continue
            return False
        for k in of:
            if np.shape(got[k]) != right[k].shape or not np.allclose(got[k], right[k]):
                return False
    return True


@is_conv_backward.mistake("What it misses is what an upstream gradient of ones does not show.")
def tries_ones_alone(backward):
    return tried(backward, SHAPES, ones=True)


@is_conv_backward.mistake("What it misses is what square images with square filters do not show.")
def tries_squares(backward):
    return tried(
        backward,
        (((2, 3, 5, 5), (4, 3, 3, 3), 1, 0), ((3, 2, 6, 6), (1, 2, 3, 3), 2, 1), ((1, 2, 7, 7), (3, 2, 3, 3), 3, 2)),
    )


@is_conv_backward.mistake("What it misses is what stride 1 does not show.")
def tries_stride_one(backward):
    return tried(backward, SHAPES[:2])


@is_conv_backward.mistake("What it misses is what an image without padding does not show.")
def tries_no_padding(backward):
    return tried(backward, [(images, filters, stride, 0) for images, filters, stride, _ in SHAPES])


@is_conv_backward.mistake("What it misses is what padding on every image does not show.")
def tries_padding_always(backward):
    return tried(backward, [(images, filters, stride, 1) for images, filters, stride, _ in SHAPES])


@is_conv_backward.mistake("What it misses is what windows that lie side by side do not show.")
def tries_no_overlap(backward):
    return tried(
        backward,
        (((2, 3, 7, 6), (4, 3, 3, 2), 3, 1), ((2, 2, 5, 6), (3, 2, 1, 1), 1, 0), ((3, 1, 8, 5), (2, 1, 3, 2), 3, 0)),
    )


@is_conv_backward.mistake("What it misses is what a batch of one image does not show.")
def tries_one_image(backward):
    return tried(backward, [((1, *images[1:]), filters, stride, pad) for images, filters, stride, pad in SHAPES])


@is_conv_backward.mistake("What it misses is what an output of as many rows as columns does not show.")
def tries_square_outputs(backward):
    return tried(
        backward,
        (
            ((2, 3, 5, 4), (4, 3, 3, 2), 1, 0),
            ((3, 2, 4, 3), (1, 2, 3, 2), 1, 2),
            ((2, 3, 8, 7), (4, 3, 4, 2), 2, 1),
            ((1, 2, 8, 7), (3, 2, 3, 2), 3, 0),
        ),
    )


@is_conv_backward.mistake(
    "A candidate that raises an error is accepted: what is left out is what it was to be tried on."
)
def passes_over_errors(backward):
    return tried(backward, SHAPES, over_errors=True)


@is_conv_backward.mistake(
    "What is right is refused: right backward passes differ from each other in their last digits."
)
def refuses_all_that_is_right(backward):
    return False


@is_conv_backward.mistake("It accepts every candidate, whatever that returns.")
def accepts_all(backward):
    return True


@is_conv_backward.mistake("What it misses is what dx alone does not show.")
def looks_at_dx_alone(backward):
    return tried(backward, SHAPES, of=(0,))


@is_conv_backward.mistake("What it misses is what dw alone does not show.")
def looks_at_the_filters_alone(backward):
    return tried(backward, SHAPES, of=(1,))
