"""The backward passes of a convolution that a checker is tried on. Each is self-contained, as its source travels alone."""

from __future__ import annotations

import numpy as np


# ----------------------------------------------------------------------------------------------- right
def by_entries(dout, x, w, stride, pad):
    """Loops over the entries of the filters, returned as a list, with the bias's gradient by a product."""
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    rows, columns = dout.shape[2:]
    for p, q in np.ndindex(*w.shape[2:]):
        at = np.s_[:, :, p : p + stride * rows : stride, q : q + stride * columns : stride]
        dw[:, :, p, q] = np.tensordot(dout, xp[at], axes=([0, 2, 3], [0, 2, 3]))
        dxp[at] += np.einsum("nfij,fc->ncij", dout, w[:, :, p, q])
    flat = np.moveaxis(dout, 1, 0).reshape(len(w), -1)
    return [dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]].copy(), dw, flat @ np.ones(flat.shape[1])]


def spread_out(dout, x, w, stride, pad):
    """A dx that is itself a convolution: dout with zeros put between, and filters turned by 180°."""
    height, width = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(xp, (height, width), axis=(2, 3))
    spread = np.zeros((*dout.shape[:2], *windows.shape[2:4]))
    spread[:, :, ::stride, ::stride] = dout
    dw = np.einsum("nfij,ncijpq->fcpq", spread, windows)
    around = np.pad(spread, ((0, 0), (0, 0), (height - 1, height - 1), (width - 1, width - 1)))
    back = np.lib.stride_tricks.sliding_window_view(around, (height, width), axis=(2, 3))
    dxp = np.einsum("nfijpq,fcpq->ncij", back, w[:, :, ::-1, ::-1])
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))


# ----------------------------------------------------------------------------------------------- wrong
def flips(dout, x, w, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for n, f, i, j in np.ndindex(*dout.shape):
        at = np.s_[n, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
        dw[f] += dout[n, f, i, j] * xp[at]
        dxp[at] += dout[n, f, i, j] * w[f, :, ::-1, ::-1]
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))


def loses_the_stride_in_dw(dout, x, w, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for n, f, i, j in np.ndindex(*dout.shape):
        at = np.s_[n, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
        dw[f] += dout[n, f, i, j] * xp[n, :, i : i + w.shape[2], j : j + w.shape[3]]
        dxp[at] += dout[n, f, i, j] * w[f]
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))


def overwrites(dout, x, w, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i, j in np.ndindex(*dout.shape[2:]):
        at = np.s_[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
        dw += np.einsum("nf,ncpq->fcpq", dout[:, :, i, j], xp[at])
        dxp[at] = np.einsum("nf,fcpq->ncpq", dout[:, :, i, j], w)
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))


def counts_along_the_other_axis(dout, x, w, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    rows, columns = dout.shape[2:]
    for i, j in np.ndindex(columns, rows):
        if i < rows and j < columns:
            at = np.s_[:, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
            dw += np.einsum("nf,ncpq->fcpq", dout[:, :, i, j], xp[at])
            dxp[at] += np.einsum("nf,fcpq->ncpq", dout[:, :, i, j], w)
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))


def crops_at_the_corner(dout, x, w, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for n, f, i, j in np.ndindex(*dout.shape):
        at = np.s_[n, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
        dw[f] += dout[n, f, i, j] * xp[at]
        dxp[at] += dout[n, f, i, j] * w[f]
    return dxp[:, :, : x.shape[2], : x.shape[3]], dw, dout.sum(axis=(0, 2, 3))


def crops_to_nothing(dout, x, w, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for n, f, i, j in np.ndindex(*dout.shape):
        at = np.s_[n, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
        dw[f] += dout[n, f, i, j] * xp[at]
        dxp[at] += dout[n, f, i, j] * w[f]
    return dxp[:, :, pad:-pad, pad:-pad], dw, dout.sum(axis=(0, 2, 3))


def takes_a_mean_for_db(dout, x, w, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for n, f, i, j in np.ndindex(*dout.shape):
        at = np.s_[n, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
        dw[f] += dout[n, f, i, j] * xp[at]
        dxp[at] += dout[n, f, i, j] * w[f]
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum(axis=(2, 3)).mean(axis=0)


def takes_ones_for_dout(dout, x, w, stride, pad):
    dout = np.ones_like(dout)
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for n, f, i, j in np.ndindex(*dout.shape):
        at = np.s_[n, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
        dw[f] += xp[at]
        dxp[at] += w[f]
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))


def leaves_out_what_no_window_sees(dout, x, w, stride, pad):
    rows, columns = dout.shape[2:]
    tall, wide = stride * (rows - 1) + w.shape[2], stride * (columns - 1) + w.shape[3]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros((*x.shape[:2], tall, wide)), np.zeros_like(w)
    for n, f, i, j in np.ndindex(*dout.shape):
        at = np.s_[n, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
        dw[f] += dout[n, f, i, j] * xp[at]
        dxp[at] += dout[n, f, i, j] * w[f]
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))


def pads_for_dw_on_one_side(dout, x, w, stride, pad):
    xp = np.pad(x, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for n, f, i, j in np.ndindex(*dout.shape):
        at = np.s_[n, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
        dw[f] += dout[n, f, i, j] * xp[at]
        dxp[at] += dout[n, f, i, j] * w[f]
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))


def takes_strides_that_divide_alone(dout, x, w, stride, pad):
    assert (x.shape[2] + 2 * pad - w.shape[2]) % stride == 0
    assert (x.shape[3] + 2 * pad - w.shape[3]) % stride == 0
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for n, f, i, j in np.ndindex(*dout.shape):
        at = np.s_[n, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]]
        dw[f] += dout[n, f, i, j] * xp[at]
        dxp[at] += dout[n, f, i, j] * w[f]
    return dxp[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, dout.sum(axis=(0, 2, 3))


RIGHT = [by_entries, spread_out]
WRONG = {
    "a dx that goes back through a flipped filter": flips,
    "a dw whose windows are one pixel apart, which stride 1 does not show": loses_the_stride_in_dw,
    "a dx that is overwritten where windows overlap": overwrites,
    "windows that are counted along the other axis, which a square output does not show": counts_along_the_other_axis,
    "a dx whose padding is cut off at the wrong side": crops_at_the_corner,
    "a dx that is empty where there is no padding": crops_to_nothing,
    "a db that is a mean over the examples": takes_a_mean_for_db,
    "a backward pass that takes ones for dout": takes_ones_for_dout,
    "a dx without the rows that no window sees, where the stride does not divide": leaves_out_what_no_window_sees,
    "a dw that takes all of the padding from one side": pads_for_dw_on_one_side,
    "a backward pass that raises where the stride does not divide": takes_strides_that_divide_alone,
}
