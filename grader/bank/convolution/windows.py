"""The images and windows of the cases, and how the declared mistakes look through them.

A window must fit into its image, and each mistake shows where stride, padding and overlap let it; so the lengths of a case come
from a table and not from its recipe alone. The recipe's seed says which row, its sizes how many examples, channels and filters.
"""

from __future__ import annotations

import numpy as np

from grader.judging import Invariant, array, drawn

PLAIN = (  # H, W, HH, WW, stride, pad, dilation
    (4, 5, 3, 2, 1, 0, 1),  # windows overlap
    (5, 6, 3, 2, 2, 1, 1),  # they overlap along one axis alone, and leave a column out
    (7, 5, 2, 3, 2, 0, 1),  # a row is left out
    (7, 4, 3, 2, 3, 1, 1),  # pixels between the windows are seen by none
    (4, 3, 2, 3, 1, 2, 1),  # windows that see nothing but padding
    (6, 7, 4, 3, 3, 2, 1),
    (4, 6, 2, 3, 2, 1, 1),
    (5, 3, 5, 3, 1, 0, 1),  # one window, the whole image
    (6, 5, 1, 3, 3, 2, 1),  # more padding than rows in a window
    (7, 6, 3, 4, 2, 1, 1),
    (5, 7, 3, 1, 2, 2, 1),  # more padding than columns in it
)
"""The rows of convolutions without dilation, of pools, and of im2col."""
DILATED = (
    (5, 6, 2, 3, 1, 0, 2),
    (6, 7, 3, 2, 2, 1, 2),
    (7, 5, 2, 3, 2, 1, 3),
    (6, 4, 3, 2, 1, 2, 3),
    (8, 6, 3, 2, 3, 1, 2),
    (4, 5, 3, 2, 1, 0, 1),
    (7, 8, 2, 4, 2, 2, 2),
)
"""The rows of dilated convolutions."""
TRANSPOSED = (  # here H and W are those of what is put in
    (2, 3, 3, 2, 1, 0, 1),
    (3, 2, 3, 4, 2, 1, 1),
    (2, 4, 2, 3, 2, 0, 1),
    (3, 2, 3, 2, 3, 1, 1),
    (4, 3, 3, 4, 1, 1, 1),
    (3, 4, 4, 5, 2, 2, 1),
    (2, 3, 1, 2, 3, 0, 1),
)
"""The rows of transposed convolutions."""
OFFSETS = {"randn": 0, "odd": 3, "large": 6, "small": 8, "offset": 1, "ties": 3, "integers": 6}
"""By regime where the seeds begin in a table, so that the battery alone sees all of it."""


def lengths(table, examples=3):
    """Make the lengths of a case from a row of the table; up to ``examples`` examples and channels, and four filters."""

    def of(making):
        recipe = making.recipe
        n, c, f = recipe.sizes[:3]
        H, W, HH, WW, S, P, D = table[(recipe.seed + OFFSETS[recipe.style]) % len(table)]
        return {
            "N": 1 + (n - 1) % examples,
            "C": 1 + (c - 1) % examples,
            "F": 1 + (f - 1) % 4,
            "H": H,
            "W": W,
            "HH": HH,
            "WW": WW,
            "S": S,
            "P": P,
            "D": D,
            "OH": 1 + (H + 2 * P - D * (HH - 1) - 1) // S,
            "OW": 1 + (W + 2 * P - D * (WW - 1) - 1) // S,
            "H-": 1 + (H - HH) // S,
            "W-": 1 + (W - WW) // S,
        }

    return of


def parameters(**dimensions):
    """Specify a dictionary of lengths by their keys, ``stride="S"``."""
    return drawn(lambda m: {key: m.dims[name] for key, name in dimensions.items()})


def length(name):
    """Specify the length of a dimension as an argument."""
    return drawn(lambda m: m.dims[name])


IMAGE = array("N", "C", "H", "W", lengths=lengths(PLAIN))
LAYER = {
    "x": IMAGE,
    "w": array("F", "C", "HH", "WW"),
    "b": array("F"),
    "conv_param": parameters(stride="S", pad="P"),
}
TAILS = 1e-300
"""Entries are judged beside the largest of their array: what comes by a Fourier transform, or from sums of all that lies above and
left, has no zeros where windows see nothing but padding, and is right."""
OUT = ("example", "filter", "row", "column")
POOLED = ("example", "channel", "row", "column")
GRADIENTS = {"dx": POOLED, "dw": ("filter", "channel", "row of the filter", "column of the filter"), "db": ("filter",)}


def both_ways(inputs, outputs):
    """Compare ⟨x, dx⟩ with ⟨w, dw⟩: the output is linear in x and in w, and both are ⟨dout, out − b⟩."""
    return np.sum(inputs["x"] * outputs["dx"]) - np.sum(inputs["w"] * outputs["dw"])


EULER = Invariant(
    "x_dx_is_w_dw",
    "The sum of x·dx and that of w·dw are the same number, as the output less its bias is linear in x and in w; yours differ.",
    both_ways,
)


# ----------------------------------------------------------------------------------- for the mistakes
def padded(x, pad):
    """Add zeros on all four sides."""
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))


def seen(xp, height, width, stride=1, dilation=1):
    """Return what each window sees, (N, C, OH, OW, height, width)."""
    reach = (dilation * (height - 1) + 1, dilation * (width - 1) + 1)
    windows = np.lib.stride_tricks.sliding_window_view(xp, reach, axis=(2, 3))
    return windows[:, :, ::stride, ::stride, ::dilation, ::dilation]


def put_back(windows, shape, pad, stride, dilation=1, *, overwrite=False):
    """Add what windows (N, C, OH, OW, height, width) hold to an image of this shape, its padding kept; or overwrite."""
    N, C, H, W = shape
    xp = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    rows, columns, height, width = windows.shape[2:]
    for i in range(rows):
        for j in range(columns):
            at = np.s_[
                :,
                :,
                i * stride : i * stride + dilation * (height - 1) + 1 : dilation,
                j * stride : j * stride + dilation * (width - 1) + 1 : dilation,
            ]
            xp[at] = windows[:, :, i, j] + (0 if overwrite else xp[at])
    return xp


def cropped(xp, shape, pad):
    """Cut the padding off."""
    return xp[:, :, pad : pad + shape[2], pad : pad + shape[3]]


def convolved(xp, w, b, stride, dilation=1):
    """Convolve a padded image."""
    return (
        np.einsum("ncijpq,fcpq->nfij", seen(xp, w.shape[2], w.shape[3], stride=stride, dilation=dilation), w)
        + b[:, None, None]
    )


def sent_back(dout, w):
    """Return what each window gets back, (N, C, OH, OW, HH, WW)."""
    return np.einsum("nfij,fcpq->ncijpq", dout, w)


def gathered(dout, xp, w, stride, dilation=1):
    """Return dw from a padded image."""
    return np.einsum("nfij,ncijpq->fcpq", dout, seen(xp, w.shape[2], w.shape[3], stride=stride, dilation=dilation))


def read_pool(pool_param):
    """Return the height, the width and the stride of the windows."""
    return pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
