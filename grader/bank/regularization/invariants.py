"""The relations that every right norm and its gradients satisfy, without a right answer at hand.

Each is written in the statistics of x along the axis of the norm, which ``along`` computes. With eps the gradient is not quite at
right angles to x̂: by Σ dx·x̂ = Σ g·x̂ · eps/σ³, where g is what reaches x̂.
"""

from __future__ import annotations

import numpy as np

from grader.judging import Invariant


def along(x, eps, axis):
    """Return x̂ and σ = √(v + eps), with mean and biased variance along an axis."""
    centred = x - x.mean(axis=axis, keepdims=True)
    std = np.sqrt((centred**2).mean(axis=axis, keepdims=True) + eps)
    return centred / std, std


def aside(dx, g, x, eps, axis):
    """Return Σ dx·x̂ less what eps makes of it, along an axis, for ``g`` that reaches x̂."""
    h, std = along(x, eps, axis)
    return (dx * h).sum(axis=axis) - ((g * h).sum(axis=axis, keepdims=True) * eps / std**3).sum(axis=axis)


def grouped(x, G):
    """Return images (N, C, H, W) as (N, G, -1)."""
    return x.reshape(x.shape[0], G, -1)


# ------------------------------------------------------------------------------------ columns: batch norm
def column_sums(inputs, outputs):
    return outputs["dx"].sum(axis=0)


def column_products(inputs, outputs):
    eps = inputs["bn_param"].get("eps", 1e-5)
    return aside(outputs["dx"], inputs["dout"] * inputs["gamma"], inputs["x"], eps, 0)


COLUMNS = (
    Invariant("columns_sum_to_zero", "Each column of a batch norm's dx sums to 0; yours do not.", column_sums),
    Invariant(
        "columns_keep_the_spread",
        "In each column Σ dx·x̂ is 0, but for what eps adds, since the norm takes the spread of the batch out; yours is not.",
        column_products,
        (aside, along),
    ),
)


def column_means(inputs, outputs):
    off = outputs["out"].mean(axis=0) - inputs["beta"]
    return off if inputs["bn_param"]["mode"] == "train" else 0 * off


def column_spreads(inputs, outputs):
    eps = inputs["bn_param"].get("eps", 1e-5)
    h, _ = along(inputs["x"], eps, 0)
    off = ((outputs["out"] - inputs["beta"]) ** 2).mean(axis=0) - inputs["gamma"] ** 2 * (h**2).mean(axis=0)
    return off if inputs["bn_param"]["mode"] == "train" else 0 * off


CENTRED = (
    Invariant(
        "columns_have_mean_beta", "In training each column of out has the mean beta; yours have not.", column_means
    ),
    Invariant(
        "columns_have_spread_gamma",
        "In training each column of out has the variance γ²·v/(v + eps) about beta; yours have not.",
        column_spreads,
        (along,),
    ),
)


# --------------------------------------------------------------------------------------- rows: layer norm
def row_sums(inputs, outputs):
    return outputs["dx"].sum(axis=1)


def row_products(inputs, outputs):
    eps = inputs["ln_param"].get("eps", 1e-5)
    return aside(outputs["dx"], inputs["dout"] * inputs["gamma"], inputs["x"], eps, 1)


ROWS = (
    Invariant("rows_sum_to_zero", "Each row of a layer norm's dx sums to 0; yours do not.", row_sums),
    Invariant(
        "rows_keep_the_spread",
        "In each row Σ dx·x̂ is 0, but for what eps adds, since the norm takes the spread of the row out; yours is not.",
        row_products,
        (aside, along),
    ),
)


# ------------------------------------------------------------------------------------ groups: group norm
def group_sums(inputs, outputs):
    return grouped(outputs["dx"], inputs["G"]).sum(axis=2)


def group_products(inputs, outputs):
    eps, G = inputs["gn_param"].get("eps", 1e-5), inputs["G"]
    g = grouped(inputs["dout"] * inputs["gamma"], G)
    return aside(grouped(outputs["dx"], G), g, grouped(inputs["x"], G), eps, 2)


GROUPS = (
    Invariant(
        "groups_sum_to_zero", "dx sums to 0 over each group of each example; yours does not.", group_sums, (grouped,)
    ),
    Invariant(
        "groups_keep_the_spread",
        "Over each group Σ dx·x̂ is 0, but for what eps adds, since the norm takes the spread of the group out; yours is not.",
        group_products,
        (grouped, aside, along),
    ),
)


# --------------------------------------------------------------------------------------- rows: RMS norm
def root_products(inputs, outputs):
    eps = inputs["eps"] if isinstance(inputs["eps"], float) else 1e-5
    r = np.sqrt((inputs["x"] ** 2).mean(axis=1, keepdims=True) + eps)
    h, g = inputs["x"] / r, inputs["dout"] * inputs["gamma"]
    return (outputs["dx"] * h - g * h * eps / r**3).sum(axis=1)


ROOTS = (
    Invariant(
        "rows_keep_the_size",
        "In each row Σ dx·x is 0, but for what eps adds, since the norm takes the size of the row out; yours is not.",
        root_products,
    ),
)


# ------------------------------------------------------------------------------------------ L2 regularisation
def doubled(inputs, outputs):
    theta = np.concatenate([a.ravel() for name in ("weights", "biases") for a in inputs[name]])
    return theta @ outputs["gradients"] - 2 * outputs["loss"]


TWICE = (
    Invariant(
        "weights_times_gradients",
        "All parameters times their gradients add up to twice the loss, which is quadratic; yours do not.",
        doubled,
    ),
)
