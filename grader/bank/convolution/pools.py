"""Max pooling, with windows that overlap and windows that do not divide."""

from __future__ import annotations

import numpy as np

from grader.bank.convolution.windows import (
    PLAIN,
    POOLED,
    lengths,
    parameters,
    put_back,
    read_pool,
    seen,
)
from grader.bank.forms import backward_pass, forward_pass
from grader.judging import Invariant, drawn, styled


# --------------------------------------------------------------------------------------- max pooling
def tied(m):
    """Draw images whose windows have one largest entry; in the regimes of ties one pair in each channel, or whole windows.

    Of a tie of three in windows that overlap there are more right answers than a grader can look for.
    """
    m.dims |= lengths(PLAIN)(m)
    shape = m.shape(("N", "C", "H", "W"))
    if m.recipe.style not in ("ties", "integers"):
        x = 300 * m.rng.standard_normal(shape) if m.recipe.style == "large" else styled(m.recipe.style, m.rng, shape)
        return x if m.recipe.digits is None else np.round(x, 7)
    H, W, PH, PW, S = (m.dims[d] for d in ("H", "W", "HH", "WW", "S"))
    x = np.stack([m.rng.permutation(H * W).reshape(H, W) - 3 * H * W // 4 for _ in range(shape[0] * shape[1])]).astype(
        float
    )
    for plane in x:
        i, j = S * m.rng.integers(0, m.dims["H-"]), S * m.rng.integers(0, m.dims["W-"])
        window = plane[i : i + PH, j : j + PW]
        window.flat[m.rng.integers(window.size)] = window.max()
    if S >= PH and S >= PW:
        x[: shape[1]] = 0.0  # the first example, as a ReLU leaves it
    return x.reshape(shape)


MAX = {"x": drawn(tied), "pool_param": parameters(pool_height="HH", pool_width="WW", stride="S")}
max_pool_forward_naive = forward_pass("convolution.max_pool_forward_naive", MAX, places={"out": POOLED})


@max_pool_forward_naive.mistake("The mean of each window is taken, and not its largest entry.")
def takes_the_mean(x, pool_param):
    return seen(x, *read_pool(pool_param)).mean(axis=(4, 5)), (x, pool_param)


@max_pool_forward_naive.mistake("A window of negative entries gives 0: the search for the largest begins at 0.")
def begins_at_zero(x, pool_param):
    return np.maximum(seen(x, *read_pool(pool_param)).max(axis=(4, 5)), 0), (x, pool_param)


@max_pool_forward_naive.mistake(
    "The windows are taken one pixel apart, and the stride counts in the size of the output alone."
)
def moves_pools_by_one_pixel(x, pool_param):
    height, width, stride = read_pool(pool_param)
    rows, columns = seen(x, height, width, stride).shape[2:4]
    return seen(x, height, width, 1)[:, :, :rows, :columns].max(axis=(4, 5)), (x, pool_param)


@max_pool_forward_naive.mistake("The windows lie side by side: they move by their own size, and not by the stride.")
def moves_by_the_window(x, pool_param):
    height, width, _ = read_pool(pool_param)
    return seen(x, height, width, 1)[:, :, ::height, ::width].max(axis=(4, 5)), (x, pool_param)


@max_pool_forward_naive.mistake(
    "The output is too large where the stride does not divide: a window that lies partly outside does not count."
)
def pools_what_is_left(x, pool_param):
    height, width, stride = read_pool(pool_param)
    more = [-(x.shape[a] - size) % stride for a, size in ((2, height), (3, width))]
    xp = np.pad(x, ((0, 0), (0, 0), (0, more[0]), (0, more[1])), constant_values=-np.inf)
    return seen(xp, height, width, stride).max(axis=(4, 5)), (x, pool_param)


@max_pool_forward_naive.mistake(
    "The output is too large where the stride does not divide, and a window behind the image, which is empty, raises an error."
)
def pools_what_a_slice_has_left(x, pool_param):
    height, width, stride = read_pool(pool_param)
    more = [-(x.shape[a] - size) % stride for a, size in ((2, height), (3, width))]
    if any(m and stride - m + size <= stride for m, size in zip(more, (height, width), strict=True)):
        raise ValueError
    return pools_what_is_left(x, pool_param)


@max_pool_forward_naive.mistake("The largest of all channels is taken: each channel is pooled by itself.")
def pools_over_channels(x, pool_param):
    out = seen(x, *read_pool(pool_param)).max(axis=(4, 5))
    return np.broadcast_to(out.max(axis=1, keepdims=True), out.shape).copy(), (x, pool_param)


def as_much_as_came(inputs, outputs):
    """Compare, in each channel of each example, the sum of dx with that of dout."""
    return outputs["dx"].sum(axis=(2, 3)) - inputs["dout"].sum(axis=(2, 3))


max_pool_backward_naive = backward_pass(
    "convolution.max_pool_backward_naive",
    MAX,
    ("N", "C", "H-", "W-"),
    kinks=True,
    places={"dx": POOLED},
    invariants=(
        Invariant(
            "windows_hand_on_what_came",
            "In each channel the entries of dx add up to those of dout, as every window hands on its own once; yours do not.",
            as_much_as_came,
        ),
    ),
)


def routed(dout, cache, *, stride=None, overwrite=False, share=None):
    """Send the gradient of each window to its first largest entry, or as ``share`` of (windows, their largest) says."""
    x, pool_param = cache
    height, width, own = read_pool(pool_param)
    windows = seen(x, height, width, own)
    flat = windows.reshape(*windows.shape[:4], -1)
    first = (np.arange(height * width) == flat.argmax(axis=-1)[..., None]).reshape(windows.shape)
    parts = dout[..., None, None] * (first if share is None else share(windows, first))
    return put_back(parts, x.shape, 0, stride or own, overwrite=overwrite)


@max_pool_backward_naive.mistake(
    "Right as long as windows do not overlap: where they do, a window overwrites what the ones before it have sent to its pixels."
)
def overwrites_whole_windows(dout, cache):
    return routed(dout, cache, overwrite=True)


@max_pool_backward_naive.mistake(
    "Where windows overlap, the last one overwrites the others; and two largest entries of one get its whole gradient each."
)
def overwrites_and_pays_ties_twice(dout, cache):
    return routed(
        dout, cache, overwrite=True, share=lambda windows, _: windows == windows.max(axis=(4, 5), keepdims=True)
    )


@max_pool_backward_naive.mistake(
    "A pixel that is the largest of several windows has the gradient of the last one alone: paths add up."
)
def overwrites_the_largest(dout, cache):
    x, pool_param = cache
    height, width, stride = read_pool(pool_param)
    windows = seen(x, height, width, stride)
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        p, q = divmod(int(windows[n, c, i, j].argmax()), width)
        dx[n, c, i * stride + p, j * stride + q] = dout[n, c, i, j]
    return dx


@max_pool_backward_naive.mistake("Two largest entries get the whole gradient each: together they may get it once.")
def pays_ties_twice(dout, cache):
    return routed(dout, cache, share=lambda windows, _: windows == windows.max(axis=(4, 5), keepdims=True))


@max_pool_backward_naive.mistake("Every entry of a window gets its gradient. Which of them moves the output?")
def pays_the_whole_window(dout, cache):
    return routed(dout, cache, share=lambda windows, _: np.ones_like(windows))


@max_pool_backward_naive.mistake("The gradient is spread evenly over the window, as average pooling does.")
def spreads_evenly(dout, cache):
    return routed(dout, cache, share=lambda windows, _: np.full(windows.shape, 1 / windows[0, 0, 0, 0].size))


@max_pool_backward_naive.mistake("This marks the largest entries: what comes from above is multiplied in.")
def marks_the_largest(dout, cache):
    return routed(np.ones_like(dout), cache)


@max_pool_backward_naive.mistake(
    "The largest entries are multiplied in: the slope at the entry that is handed on is 1."
)
def multiplies_the_largest_in(dout, cache):
    return routed(dout, cache, share=lambda windows, first: windows * first)


@max_pool_backward_naive.mistake("The windows are put back one pixel apart: the forward pass moved by the stride.")
def puts_pools_back_by_one_pixel(dout, cache):
    return routed(dout, cache, stride=1)


@max_pool_backward_naive.mistake(
    "The largest entry is looked for in the first channel alone: each channel is pooled by itself."
)
def looks_in_the_first_channel(dout, cache):
    def of_first(_, first):
        return np.broadcast_to(first[:, :1], first.shape)

    return routed(dout, cache, share=of_first)


@max_pool_backward_naive.mistake("The windows are taken one pixel apart, as if the forward pass had stride 1.")
def takes_pools_by_one_pixel(dout, cache):
    x, pool_param = cache
    rows, columns = dout.shape[2:]
    height, width, _ = read_pool(pool_param)
    near = x[:, :, : height + rows - 1, : width + columns - 1]
    dx = np.zeros_like(x)
    dx[:, :, : near.shape[2], : near.shape[3]] = routed(dout, (near, {**pool_param, "stride": 1}))
    return dx


@max_pool_backward_naive.mistake(
    "The gradient goes to the entry with the largest magnitude: the forward pass took the largest."
)
def sends_to_the_largest_magnitude(dout, cache):
    def magnitude(windows, _):
        flat = np.abs(windows).reshape(*windows.shape[:4], -1)
        return (np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]).reshape(windows.shape)

    return routed(dout, cache, share=magnitude)
