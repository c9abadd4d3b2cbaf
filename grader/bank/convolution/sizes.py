"""The number of positions of a window, and a 1-d convolution written as a banded matrix."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import plain
from grader.judging import array, drawn, optional, scalar

# ------------------------------------------------------------------------------------------- sizes
conv_output_size = plain(
    "convolution.conv_output_size",
    {
        "size": scalar(14, 40, integer=True),
        "kernel": scalar(1, 5, integer=True),
        "stride": optional(scalar(1, 4, integer=True)),
        "pad": optional(scalar(0, 3, integer=True)),
        "dilation": optional(scalar(1, 3, integer=True)),
    },
    ("positions",),
)


@conv_output_size.mistake("Where the stride does not divide, a window is counted that lies partly outside.")
def counts_a_part(size, kernel, stride=1, pad=0, dilation=1):
    return 1 - (-(size + 2 * pad - dilation * (kernel - 1) - 1) // stride)


@conv_output_size.mistake("One position is missing: the window stands somewhere before it moves for the first time.")
def forgets_the_first(size, kernel, stride=1, pad=0, dilation=1):
    return (size + 2 * pad - dilation * (kernel - 1) - 1) // stride


@conv_output_size.mistake("The zeros are counted once: they are added at both ends.")
def pads_one_end(size, kernel, stride=1, pad=0, dilation=1):
    return 1 + (size + pad - dilation * (kernel - 1) - 1) // stride


@conv_output_size.mistake("The dilation does not come in: a window whose entries lie apart reaches further.")
def forgets_the_reach(size, kernel, stride=1, pad=0, dilation=1):
    return 1 + (size + 2 * pad - kernel) // stride


@conv_output_size.mistake("A window of K entries reaches over K − 1 gaps, and not over K.")
def counts_a_gap_too_many(size, kernel, stride=1, pad=0, dilation=1):
    return 1 + (size + 2 * pad - dilation * kernel) // stride


@conv_output_size.mistake("Where the stride does not divide, a fraction comes back: part of a window is no position.")
def keeps_the_fraction(size, kernel, stride=1, pad=0, dilation=1):
    return (size + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1


@conv_output_size.mistake("Right where the stride is 1: the window at the start is counted before the division.")
def divides_the_first_too(size, kernel, stride=1, pad=0, dilation=1):
    return (size + 2 * pad - dilation * (kernel - 1)) // stride


@conv_output_size.mistake(
    "The number of steps is rounded to the nearest: a window that lies partly outside counts at times.",
    hidden="in no worked example more than half of a step is left over",
)
def rounds_to_the_nearest(size, kernel, stride=1, pad=0, dilation=1):
    return round((size + 2 * pad - dilation * (kernel - 1) - 1) / stride) + 1


# ------------------------------------------------------------------------------------ banded matrix
conv1d_matrix = plain(
    "convolution.conv1d_matrix",
    {
        "w": array("K", lengths=lambda m: {"K": 1 + m.recipe.sizes[0] % 4}),
        "size": drawn(lambda m: m.dims["K"] + m.recipe.sizes[1]),
        "stride": optional(scalar(1, 3, integer=True)),
    },
    ("T",),
    places={"T": ("row", "column")},
)


def banded(w, size, stride):
    """Return the matrix that has w in each row."""
    T = np.zeros((1 + (size - len(w)) // stride, size))
    for i in range(len(T)):
        T[i, i * stride : i * stride + len(w)] = w
    return T


@conv1d_matrix.mistake("w stands in the rows backwards: that is the matrix of the convolution of mathematics.")
def turns_w_around(w, size, stride=1):
    return banded(w[::-1], size, stride)


@conv1d_matrix.mistake("The matrix is transposed: T @ x must have one entry for each window.")
def transposes_T(w, size, stride=1):  # noqa: N802 - the matrix's name
    return banded(w, size, stride).T


@conv1d_matrix.mistake("The rows move by one entry each: the windows move by the stride.")
def moves_rows_by_one(w, size, stride=1):
    return np.vstack(
        [np.concatenate([np.zeros(i), w, np.zeros(size - len(w) - i)]) for i in range(1 + (size - len(w)) // stride)]
    )


@conv1d_matrix.mistake("There is a row for each place of w, whatever the stride: the windows move by the stride.")
def keeps_all_rows(w, size, stride=1):
    return banded(w, size, 1)


@conv1d_matrix.mistake(
    "There is a row for each entry of x, and w comes in again at the left: a window does not wrap around."
)
def wraps_around(w, size, stride=1):
    row = np.concatenate([w, np.zeros(size - len(w))])
    return np.array([np.roll(row, i) for i in range(0, size, stride)])


@conv1d_matrix.mistake("Windows that reach beyond the end of x have a row: only those that lie wholly inside count.")
def lets_windows_reach_out(w, size, stride=1):
    return banded(w, size + len(w) - 1, stride)[:, :size]
