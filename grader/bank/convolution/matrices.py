"""A convolution as a matrix product: im2col and its adjoint, the product, and the transposed convolution."""

from __future__ import annotations

import numpy as np

from grader.bank.convolution.windows import (
    IMAGE,
    LAYER,
    OUT,
    PLAIN,
    POOLED,
    TAILS,
    TRANSPOSED,
    cropped,
    length,
    lengths,
    padded,
    parameters,
    put_back,
    seen,
    sent_back,
)
from grader.bank.forms import plain, vectorise
from grader.judging import Invariant, array, drawn

# ------------------------------------------------------------------------------------------- im2col
WINDOWS = {"height": length("HH"), "width": length("WW"), "stride": length("S"), "pad": length("P")}
im2col = plain("convolution.im2col", {"x": IMAGE, **WINDOWS}, ("cols",), places={"cols": ("row", "column")})


def laid_out(x, height, width, stride, pad, order=(0, 2, 3, 1, 4, 5)):
    """Return the entries of all windows with the axes n, c, i, j, p, q in this order, the first three as rows."""
    windows = np.transpose(seen(padded(x, pad), height, width, stride), order)
    return windows.reshape(int(np.prod(windows.shape[:3])), -1)


@im2col.mistake("The matrix is transposed: here the rows are windows.")
def puts_windows_in_columns(x, height, width, stride, pad):
    return laid_out(x, height, width, stride, pad).T


@im2col.mistake("The rows run through the images fastest: here all windows of one image come first.")
def runs_through_images_fastest(x, height, width, stride, pad):
    return laid_out(x, height, width, stride, pad, (2, 3, 0, 1, 4, 5))


@im2col.mistake("The columns run through the channels fastest: w.reshape(F, -1) has them slowest.")
def runs_through_channels_fastest(x, height, width, stride, pad):
    return laid_out(x, height, width, stride, pad, (0, 2, 3, 4, 5, 1))


@im2col.mistake("The columns go down each window before they go along it: w.reshape(F, -1) goes along its rows first.")
def goes_down_first(x, height, width, stride, pad):
    return laid_out(x, height, width, stride, pad, (0, 2, 3, 1, 5, 4))


@im2col.mistake("The windows are taken in the order of columns, and here those of one row come first.")
def takes_columns_of_windows_first(x, height, width, stride, pad):
    return laid_out(x, height, width, stride, pad, (0, 3, 2, 1, 4, 5))


@im2col.mistake("The windows are moved by one pixel: the stride is an argument.")
def moves_windows_by_one(x, height, width, stride, pad):
    return laid_out(x, height, width, 1, pad)


@im2col.mistake("No zeros are put around the image: pad is an argument.")
def takes_no_padding(x, height, width, stride, pad):
    return laid_out(x, height, width, stride, 0)


@im2col.mistake("The numbers are reshaped where axes must change places: a row mixes what several windows see.")
def reshapes_windows(x, height, width, stride, pad):
    return seen(padded(x, pad), height, width, stride).reshape(-1, x.shape[1] * height * width)


# ------------------------------------------------------------------------------------------- col2im
def nothing_is_lost(inputs, outputs):
    """Compare the sums of what goes in and what comes out, where there is no padding that takes some."""
    return outputs["x"].sum() - inputs["cols"].sum() if inputs["pad"] == 0 else 0.0


col2im = plain(
    "convolution.col2im",
    {
        "cols": array(
            "R",
            "K",
            lengths=lambda m: {
                **(d := lengths(PLAIN)(m)),
                "R": d["N"] * d["OH"] * d["OW"],
                "K": d["C"] * d["HH"] * d["WW"],
            },
        ),
        "x_shape": drawn(lambda m: tuple(m.dims[d] for d in "NCHW")),
        **WINDOWS,
    },
    ("x",),
    points=3,
    places={"x": POOLED},
    invariants=(
        Invariant(
            "nothing_is_lost",
            "Without padding the entries of x add up to those of cols, since each of them is added once; yours do not.",
            nothing_is_lost,
        ),
    ),
)


def unfolded(cols, x_shape, height, width, stride, pad):
    """Return cols with the axes n, c, i, j, p, q."""
    N, C, H, W = x_shape
    rows, columns = 1 + (H + 2 * pad - height) // stride, 1 + (W + 2 * pad - width) // stride
    return np.transpose(cols.reshape(N, rows, columns, C, height, width), (0, 3, 1, 2, 4, 5))


@col2im.mistake("A pixel that several windows saw keeps what the last one brings: it gets the sum of all of them.")
def overwrites_pixels(cols, x_shape, height, width, stride, pad):
    windows = unfolded(cols, x_shape, height, width, stride, pad)
    return cropped(put_back(windows, x_shape, pad, stride, overwrite=True), x_shape, pad)


@col2im.mistake(
    "The sum is divided by the number of windows that saw the pixel: that undoes im2col, and is not its adjoint."
)
def averages_pixels(cols, x_shape, height, width, stride, pad):
    windows = unfolded(cols, x_shape, height, width, stride, pad)
    times = put_back(np.ones(windows.shape), x_shape, pad, stride)
    return cropped(put_back(windows, x_shape, pad, stride) / np.maximum(times, 1), x_shape, pad)


@col2im.mistake("The first rows and columns are those of the padding: with pad the image lies further in.")
def keeps_the_corner(cols, x_shape, height, width, stride, pad):
    xp = put_back(unfolded(cols, x_shape, height, width, stride, pad), x_shape, pad, stride)
    return xp[:, :, : x_shape[2], : x_shape[3]]


@col2im.mistake("The padding is still there: the result has the shape of x.")
def returns_the_padding(cols, x_shape, height, width, stride, pad):
    return put_back(unfolded(cols, x_shape, height, width, stride, pad), x_shape, pad, stride)


@col2im.mistake("The windows are put back one pixel apart: they were taken a stride apart.")
def puts_back_by_one_pixel(cols, x_shape, height, width, stride, pad):
    return cropped(put_back(unfolded(cols, x_shape, height, width, stride, pad), x_shape, pad, 1), x_shape, pad)


@col2im.mistake("Each window is put back turned on its side: a row of cols runs along the rows of its window.")
def puts_back_sideways(cols, x_shape, height, width, stride, pad):
    windows = unfolded(cols, x_shape, height, width, stride, pad)
    turned = windows.reshape(*windows.shape[:4], width, height).swapaxes(4, 5)
    return cropped(put_back(turned, x_shape, pad, stride), x_shape, pad)


@col2im.mistake("The rows of cols are read with the images fastest: in im2col all windows of one image come first.")
def reads_images_fastest(cols, x_shape, height, width, stride, pad):
    N, C, H, W = x_shape
    rows, columns = 1 + (H + 2 * pad - height) // stride, 1 + (W + 2 * pad - width) // stride
    windows = np.transpose(cols.reshape(rows, columns, N, C, height, width), (2, 3, 0, 1, 4, 5))
    return cropped(put_back(windows, x_shape, pad, stride), x_shape, pad)


@col2im.mistake("The columns of cols are read with the channels fastest: in im2col they are slowest.")
def reads_channels_fastest(cols, x_shape, height, width, stride, pad):
    N, C, H, W = x_shape
    rows, columns = 1 + (H + 2 * pad - height) // stride, 1 + (W + 2 * pad - width) // stride
    windows = np.transpose(cols.reshape(N, rows, columns, height, width, C), (0, 5, 1, 2, 3, 4))
    return cropped(put_back(windows, x_shape, pad, stride), x_shape, pad)


# ------------------------------------------------------------------------------ convolution by im2col
conv_im2col = vectorise("convolution.conv_im2col", LAYER, ("out",), places={"out": OUT}, tails=TAILS)


def multiplied(x, w, b, conv_param):
    """Return the product with the filters, (N, OH, OW, F)."""
    windows = seen(padded(x, conv_param["pad"]), w.shape[2], w.shape[3], stride=conv_param["stride"])
    return np.einsum("ncijpq,fcpq->nijf", windows, w) + b


@conv_im2col.mistake("The product is reshaped where its axes must change places: filters and positions are mixed.")
def reshapes_the_product(x, w, b, conv_param):
    out = multiplied(x, w, b, conv_param)
    return out.reshape(out.shape[0], out.shape[3], *out.shape[1:3])


@conv_im2col.mistake("The filters come last in the output: they are axis 1.")
def leaves_filters_last(x, w, b, conv_param):
    return multiplied(x, w, b, conv_param)


@conv_im2col.mistake("The bias is missing from the product.")
def multiplies_without_bias(x, w, b, conv_param):
    return np.moveaxis(multiplied(x, w, 0 * b, conv_param), 3, 1)


@conv_im2col.mistake("The filters are flattened backwards: each weight meets the pixel at the other end of the window.")
def flattens_backwards(x, w, b, conv_param):
    return np.moveaxis(multiplied(x, w[:, :, ::-1, ::-1], b, conv_param), 3, 1)


@conv_im2col.mistake(
    "The windows are laid out with the channels fastest, and the filters with the channels slowest: weights meet other pixels."
)
def lays_out_in_two_orders(x, w, b, conv_param):
    windows = seen(padded(x, conv_param["pad"]), w.shape[2], w.shape[3], stride=conv_param["stride"])
    cols = np.transpose(windows, (0, 2, 3, 4, 5, 1)).reshape(*windows.shape[:1], *windows.shape[2:4], -1)
    return np.moveaxis(cols @ w.reshape(len(w), -1).T + b, 3, 1)


@conv_im2col.mistake("The windows are taken one pixel apart, whatever the stride.")
def takes_all_windows(x, w, b, conv_param):
    return np.moveaxis(multiplied(x, w, b, {**conv_param, "stride": 1}), 3, 1)


# ------------------------------------------------------------------------------------------ transposed
def what_is_added(inputs, outputs):
    """Compare the sums of each example and channel, where there is no padding that takes some."""
    if inputs["conv_param"]["pad"]:
        return 0.0
    return outputs["out"].sum(axis=(2, 3)) - inputs["x"].sum(axis=(2, 3)) @ inputs["w"].sum(axis=(2, 3))


conv_transpose = plain(
    "convolution.conv_transpose",
    {
        "x": array("N", "F", "H", "W", lengths=lengths(TRANSPOSED)),
        "w": array("F", "C", "HH", "WW"),
        "conv_param": parameters(stride="S", pad="P"),
    },
    ("out",),
    points=3,
    places={"out": POOLED},
    invariants=(
        Invariant(
            "each_entry_adds_its_filter",
            "Without padding out[n, c] adds up to Σ_f (sum of x[n, f])·(sum of w[f, c]), as each entry adds a w; yours does not.",
            what_is_added,
        ),
    ),
    tails=TAILS,
)


def whole(x, w, stride, overwrite=False):
    """Return the transposed convolution before it is cropped."""
    N, _, H, W = x.shape
    shape = (N, w.shape[1], stride * (H - 1) + w.shape[2], stride * (W - 1) + w.shape[3])
    return put_back(sent_back(x, w), shape, 0, stride, overwrite=overwrite)


def within(full, pad):
    """Cut pad rows and columns off at each side."""
    return full[:, :, pad : full.shape[2] - pad, pad : full.shape[3] - pad]


@conv_transpose.mistake(
    "The filter is turned by 180°: that is what a convolution over spread-out entries does without a flip."
)
def spreads_a_flipped_filter(x, w, conv_param):
    return within(whole(x, w[:, :, ::-1, ::-1], conv_param["stride"]), conv_param["pad"])


@conv_transpose.mistake("Where the copies of the filter overlap, the last one stays: they add up.")
def overwrites_copies(x, w, conv_param):
    return within(whole(x, w, conv_param["stride"], overwrite=True), conv_param["pad"])


@conv_transpose.mistake("The padding is cut off twice at the end, and not at the beginning.")
def crops_the_end_twice(x, w, conv_param):
    full, pad = whole(x, w, conv_param["stride"]), conv_param["pad"]
    return full[:, :, : full.shape[2] - 2 * pad, : full.shape[3] - 2 * pad]


@conv_transpose.mistake("The padding is added, where the transposed convolution cuts it off.")
def adds_the_padding(x, w, conv_param):
    return padded(whole(x, w, conv_param["stride"]), conv_param["pad"])


@conv_transpose.mistake(
    "Right at stride 1 only: the copies of the filter lie one pixel apart, and they are to lie a stride apart."
)
def spreads_by_one_pixel(x, w, conv_param):
    return within(whole(x, w, 1), conv_param["pad"])


@conv_transpose.mistake(
    "The copies of the filter lie one pixel apart: the stride counts in the size of the output alone."
)
def spreads_by_one_pixel_in_full_size(x, w, conv_param):
    stride = conv_param["stride"]
    near, full = whole(x, w, 1), 0 * whole(x, w, stride)
    full[:, :, : near.shape[2], : near.shape[3]] = near
    return within(full, conv_param["pad"])


@conv_transpose.mistake("The output is too large: between H entries there are H − 1 steps of the stride.")
def counts_a_step_too_many(x, w, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    full = np.pad(whole(x, w, stride), ((0, 0), (0, 0), (0, stride), (0, stride)))
    return within(full, pad)


@conv_transpose.mistake("The result is empty where pad is 0: what does a slice up to −0 hold?")
def cuts_up_to_minus_pad(x, w, conv_param):
    pad = conv_param["pad"]
    return whole(x, w, conv_param["stride"])[:, :, pad:-pad, pad:-pad]


@conv_transpose.mistake(
    "Where copies of the filter overlap their mean is taken: that would be another map, and not the adjoint."
)
def averages_copies(x, w, conv_param):
    stride = conv_param["stride"]
    times = whole(np.ones_like(x[:, :1]), np.ones_like(w[:1]), stride)
    return within(whole(x, w, stride) / np.maximum(times, 1), conv_param["pad"])
