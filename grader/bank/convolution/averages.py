"""Average pooling, with windows that overlap and windows that lie in the padding, and the average over all of a channel."""

from __future__ import annotations

import numpy as np

from grader.bank.convolution.windows import (
    IMAGE,
    PLAIN,
    POOLED,
    TAILS,
    cropped,
    lengths,
    padded,
    parameters,
    put_back,
    read_pool,
    seen,
)
from grader.bank.forms import backward_pass, forward_pass
from grader.judging import Invariant, array

# ----------------------------------------------------------------------------------- average pooling
AVERAGE = {"x": IMAGE, "pool_param": parameters(pool_height="HH", pool_width="WW", stride="S", pad="P")}
avg_pool_forward_naive = forward_pass(
    "convolution.avg_pool_forward_naive", AVERAGE, places={"out": POOLED}, tails=TAILS
)


def inside(x, pool_param):
    """Return how many entries of each window lie inside the image, and one at least."""
    height, width, stride = read_pool(pool_param)
    return np.maximum(seen(padded(np.ones_like(x), pool_param["pad"]), height, width, stride).sum(axis=(4, 5)), 1)


def sums(x, pool_param):
    """Return the sum of each window."""
    height, width, stride = read_pool(pool_param)
    return seen(padded(x, pool_param["pad"]), height, width, stride).sum(axis=(4, 5))


@avg_pool_forward_naive.mistake(
    "Right without padding only: at the border the sum is divided by what lies inside the image, and here the zeros count too."
)
def divides_by_what_lies_inside(x, pool_param):
    return sums(x, pool_param) / inside(x, pool_param), (x, pool_param)


@avg_pool_forward_naive.mistake(
    "These are the sums of the windows: they are not divided by the number of their entries."
)
def sums_up(x, pool_param):
    return sums(x, pool_param), (x, pool_param)


@avg_pool_forward_naive.mistake("The sum is divided by the square of the stride: the window has another size.")
def divides_by_the_stride(x, pool_param):
    return sums(x, pool_param) / pool_param["stride"] ** 2, (x, pool_param)


@avg_pool_forward_naive.mistake("The sum is divided by the square of the height: a window has a height and a width.")
def divides_by_a_square(x, pool_param):
    return sums(x, pool_param) / pool_param["pool_height"] ** 2, (x, pool_param)


@avg_pool_forward_naive.mistake("No zeros are put around the image: pad is an argument.")
def pools_without_padding(x, pool_param):
    height, width, stride = read_pool(pool_param)
    return seen(x, height, width, stride).mean(axis=(4, 5)), (x, pool_param)


@avg_pool_forward_naive.mistake(
    "The windows are taken one pixel apart, and the stride counts in the size of the output alone."
)
def averages_by_one_pixel(x, pool_param):
    height, width, stride = read_pool(pool_param)
    xp = padded(x, pool_param["pad"])
    rows, columns = seen(xp, height, width, stride).shape[2:4]
    return seen(xp, height, width, 1)[:, :, :rows, :columns].mean(axis=(4, 5)), (x, pool_param)


@avg_pool_forward_naive.mistake("The border of the image is repeated where zeros are to be added.")
def averages_a_repeated_border(x, pool_param):
    height, width, stride = read_pool(pool_param)
    pad = pool_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="edge")
    return seen(xp, height, width, stride).mean(axis=(4, 5)), (x, pool_param)


def all_comes_back(inputs, outputs):
    """Compare, in each channel of each example, the sum of dx with that of dout, where every pixel counts."""
    if inputs["pool_param"]["pad"]:
        return 0.0
    return outputs["dx"].sum(axis=(2, 3)) - inputs["dout"].sum(axis=(2, 3))


avg_pool_backward_naive = backward_pass(
    "convolution.avg_pool_backward_naive",
    AVERAGE,
    ("N", "C", "OH", "OW"),
    places={"dx": POOLED},
    invariants=(
        Invariant(
            "shares_add_up",
            "Without padding the entries of dx in a channel add up to those of dout, as n shares of 1/n make 1; yours do not.",
            all_comes_back,
        ),
    ),
    tails=TAILS,
)


def shared_out(dout, cache, *, by=None, stride=None, overwrite=False):
    """Spread the gradient of each window evenly, its padding kept; ``by``: what it is divided by."""
    x, pool_param = cache
    height, width, own = read_pool(pool_param)
    parts = (dout / (height * width if by is None else by))[..., None, None] * np.ones((height, width))
    return put_back(parts, x.shape, pool_param["pad"], stride or own, overwrite=overwrite)


def of_image(dxp, cache):
    """Cut the padding off."""
    return cropped(dxp, cache[0].shape, cache[1]["pad"])


@avg_pool_backward_naive.mistake(
    "Right as long as windows do not overlap: where they do, a pixel keeps the share of the last one alone."
)
def overwrites_shares(dout, cache):
    return of_image(shared_out(dout, cache, overwrite=True), cache)


@avg_pool_backward_naive.mistake(
    "Every entry of a window gets all of its gradient. How far does the mean move if one entry does?"
)
def hands_on_everything(dout, cache):
    return of_image(shared_out(dout, cache, by=1), cache)


@avg_pool_backward_naive.mistake(
    "At the border the gradient is shared among the pixels inside: the forward pass divided by PH·PW everywhere."
)
def shares_among_those_inside(dout, cache):
    return of_image(shared_out(dout, cache, by=inside(*cache)), cache)


@avg_pool_backward_naive.mistake(
    "dx is right without padding: with it the first rows and columns are kept, which belong to the padding."
)
def crops_shares_at_zero(dout, cache):
    x = cache[0]
    return shared_out(dout, cache)[:, :, : x.shape[2], : x.shape[3]]


@avg_pool_backward_naive.mistake("dx still has the padding around it: its shape must be that of x.")
def keeps_the_padding_of_shares(dout, cache):
    return shared_out(dout, cache)


@avg_pool_backward_naive.mistake("dx is empty where pad is 0: what does a slice up to −0 hold?")
def crops_shares_up_to_minus_pad(dout, cache):
    pad = cache[1]["pad"]
    return shared_out(dout, cache)[:, :, pad:-pad, pad:-pad]


@avg_pool_backward_naive.mistake(
    "The largest entries of a window get its gradient, as in max pooling: a mean moves with each entry."
)
def hands_shares_to_the_largest(dout, cache):
    x, pool_param = cache
    windows = seen(padded(x, pool_param["pad"]), *read_pool(pool_param))
    parts = dout[..., None, None] * (windows == windows.max(axis=(4, 5), keepdims=True))
    return of_image(put_back(parts, x.shape, pool_param["pad"], pool_param["stride"]), cache)


@avg_pool_backward_naive.mistake("The shares are put back one pixel apart: the forward pass moved by the stride.")
def shares_by_one_pixel(dout, cache):
    return of_image(shared_out(dout, cache, stride=1), cache)


@avg_pool_backward_naive.mistake("The gradient is divided by the square of the stride: the window has another size.")
def shares_by_the_stride(dout, cache):
    return of_image(shared_out(dout, cache, by=cache[1]["stride"] ** 2), cache)


# ------------------------------------------------------------------------------------- global average
CHANNELS = {"x": array("N", "C", "H", "W", lengths=lengths(PLAIN))}
global_avg_pool_forward = forward_pass(
    "convolution.global_avg_pool_forward", CHANNELS, points=1, places={"out": ("example", "channel")}
)


@global_avg_pool_forward.mistake("This is the sum of each channel: it is not divided by the number of pixels.")
def sums_the_channel(x):
    return x.sum(axis=(2, 3)), x


@global_avg_pool_forward.mistake("The largest entry of each channel is taken, and not the mean.")
def takes_the_largest_of_a_channel(x):
    return x.max(axis=(2, 3)), x


@global_avg_pool_forward.mistake("The mean runs over rows and leaves the columns: a channel gives one number.")
def averages_rows_only(x):
    return x.mean(axis=2), x


@global_avg_pool_forward.mistake("The mean runs over the channels too: each channel has its own.")
def averages_channels_too(x):
    return np.broadcast_to(x.mean(axis=(1, 2, 3), keepdims=True)[..., 0, 0], x.shape[:2]).copy(), x


@global_avg_pool_forward.mistake(
    "The sum is divided by the height and multiplied by the width: / H * W is read from the left."
)
def divides_and_multiplies(x):
    return x.sum(axis=(2, 3)) / x.shape[2] * x.shape[3], x


@global_avg_pool_forward.mistake(
    "The mean runs over axes 1 and 2: these are channels and rows, and the columns are left."
)
def takes_channels_to_be_last(x):
    return x.mean(axis=(1, 2)), x


def pixels_add_up(inputs, outputs):
    """Compare the sum of dx over the pixels with dout."""
    return outputs["dx"].sum(axis=(2, 3)) - inputs["dout"]


global_avg_pool_backward = backward_pass(
    "convolution.global_avg_pool_backward",
    CHANNELS,
    ("N", "C"),
    points=2,
    places={"dx": POOLED},
    invariants=(
        Invariant(
            "pixels_add_up",
            "The entries of dx in a channel add up to its entry of dout, as n shares of 1/n make 1; yours do not.",
            pixels_add_up,
        ),
    ),
)


@global_avg_pool_backward.mistake("Every pixel gets all of the gradient. How far does the mean move if one pixel does?")
def gives_all_to_each_pixel(dout, cache):
    return np.broadcast_to(dout[:, :, None, None], cache.shape).copy()


@global_avg_pool_backward.mistake("Each channel has one number, with axes of length 1: dx has one for each pixel.")
def gives_one_number_a_channel(dout, cache):
    return dout[:, :, None, None] / cache[0, 0].size


@global_avg_pool_backward.mistake("The gradient is divided by the number of rows alone: the mean runs over all pixels.")
def divides_by_the_rows(dout, cache):
    return np.broadcast_to(dout[:, :, None, None] / cache.shape[2], cache.shape).copy()


@global_avg_pool_backward.mistake(
    "The gradient is divided by all entries of an image: each channel has a mean of its own."
)
def divides_by_all_channels(dout, cache):
    return np.broadcast_to(dout[:, :, None, None] / cache[0].size, cache.shape).copy()


@global_avg_pool_backward.mistake(
    "The pixels themselves are multiplied in: the slope of a mean is the same for all of them."
)
def multiplies_the_pixels_in(dout, cache):
    return dout[:, :, None, None] * cache / cache[0, 0].size
