"""Affine and linear layers, and the Jacobian of a linear one."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import backward_pass, forward_pass, plain
from grader.judging import array, folded

AFFINE = {"x": folded("N", "D"), "w": array("D", "M"), "b": array("M")}
LAYER = {"x": array("N", "D"), "w": array("D", "M")}


def rows(x):
    """Reshape (N, d1, ..., dk) to (N, D)."""
    return x.reshape(x.shape[0], -1)


# ---------------------------------------------------------------------------------------- affine
affine_forward = forward_pass("layers.affine_forward", AFFINE)


@affine_forward.mistake("The bias is missing from the output.")
def forgets_bias(x, w, b):
    return rows(x) @ w, (x, w, b)


@affine_forward.mistake("The bias is taken away. Which sign has it in the formula?")
def subtracts_bias(x, w, b):
    return rows(x) @ w - b, (x, w, b)


@affine_forward.mistake("The bias is added once for each feature: it belongs to the output, after the sum.")
def adds_bias_inside_the_sum(x, w, b):
    return rows(x) @ w + w.shape[0] * b, (x, w, b)


@affine_forward.mistake("The output is divided by the number of features: a matrix product sums, it does not average.")
def averages_over_features(x, w, b):
    return rows(x) @ w / w.shape[0] + b, (x, w, b)


@affine_forward.mistake("The product x·w is divided by the root of the number of features: nothing is normalised here.")
def normalises_the_output(x, w, b):
    return (rows(x) @ w) / np.sqrt(len(w)) + b, (x, w, b)


affine_backward = backward_pass("layers.affine_backward", AFFINE, ("N", "M"), points=6, outputs=("dx", "dw", "db"))


@affine_backward.mistake("db is averaged over the batch. Each example's path to the loss counts: paths add up.")
def averages_db(dout, cache):
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), rows(x).T @ dout, dout.mean(axis=0)


@affine_backward.mistake("The batch was not summed over: b is one vector that every example uses.")
def keeps_the_batch_in_db(dout, cache):
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), rows(x).T @ dout, dout


@affine_backward.mistake("db sums over the outputs and leaves the examples: which axis is the batch?")
def sums_db_over_outputs(dout, cache):
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), rows(x).T @ dout, dout.sum(axis=1)


@affine_backward.mistake(
    "dw is averaged over the batch. If an average belongs anywhere, it is in the loss, and it came with dout."
)
def averages_dw(dout, cache):
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), rows(x).T @ dout / len(x), dout.sum(axis=0)


@affine_backward.mistake("dw comes out transposed: its shape must be that of w.")
def transposes_dw(dout, cache):
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), dout.T @ rows(x), dout.sum(axis=0)


@affine_backward.mistake("dx stays flattened: its shape must be that of x, all dimensions of it.")
def leaves_dx_flat(dout, cache):
    x, w, _ = cache
    return dout @ w.T, rows(x).T @ dout, dout.sum(axis=0)


@affine_backward.mistake("dx does not use the weights: what did each input do to each output?")
def forgets_weights_in_dx(dout, cache):
    x, w, _ = cache
    return (dout @ np.ones_like(w).T).reshape(x.shape), rows(x).T @ dout, dout.sum(axis=0)


@affine_backward.mistake("dw does not use the inputs: what did each weight multiply?")
def forgets_inputs_in_dw(dout, cache):
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), np.ones_like(rows(x)).T @ dout, dout.sum(axis=0)


@affine_backward.mistake("dw sees the first example only: every example's path to the loss counts.")
def uses_the_first_example(dout, cache):
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), np.outer(rows(x)[0], dout[0]), dout.sum(axis=0)


@affine_backward.mistake("The inputs were reshaped where they must be transposed: that shuffles them between examples.")
def reshapes_where_it_transposes(dout, cache):
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), rows(x).reshape(-1, len(x)) @ dout, dout.sum(axis=0)


# ---------------------------------------------------------------------------------------- linear
linear_forward = forward_pass("layers.linear_forward", LAYER)


@linear_forward.mistake("The output is divided by the number of features: a matrix product sums, it does not average.")
def averages_products(x, w):
    return x @ w / len(w), (x, w)


@linear_forward.mistake("The opposite sign: the output is x times w, nothing is taken away.")
def negates(x, w):
    return -(x @ w), (x, w)


@linear_forward.mistake("The output is transposed: rows are examples, here and everywhere in this course.")
def puts_examples_in_columns(x, w):
    return (x @ w).T, (x, w)


linear_backward = backward_pass(
    "layers.linear_backward",
    LAYER,
    ("N", "M"),
    outputs=("dx", "dw"),
    places={"dx": ("example", "feature"), "dw": ("feature", "unit")},
)


@linear_backward.mistake(
    "dw is averaged over the batch. If an average belongs anywhere, it is in the loss, and it came with dout."
)
def averages_gradient_of_w(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout / len(x)


@linear_backward.mistake("dw comes out transposed: its shape must be that of w.")
def transposes_gradient_of_w(dout, cache):
    x, w = cache
    return dout @ w.T, dout.T @ x


@linear_backward.mistake("dx does not use the weights: what did each input do to each output?")
def ignores_weights(dout, cache):
    x, w = cache
    return dout @ np.ones_like(w).T, x.T @ dout


@linear_backward.mistake("dw does not use the inputs: what did each weight multiply?")
def ignores_inputs(dout, cache):
    x, w = cache
    return dout @ w.T, np.ones_like(x).T @ dout


# --------------------------------------------------------------------------------- full Jacobian
linear_jacobian = plain("layers.linear_jacobian", {"w": array("D", "M")}, ("jacobian",))


@linear_jacobian.mistake("This is w itself. J[i, j] is ∂out_i/∂x_j: which index of w is the output's?")
def forgets_to_transpose(w):
    return w.copy()


@linear_jacobian.mistake("Only one of the two is summed away: a Jacobian keeps outputs and inputs apart.")
def sums_over_inputs(w):
    return w.sum(axis=0)


@linear_jacobian.mistake("The opposite sign: when x_j grows by 1, out_i grows by the weight between them.")
def negates_the_jacobian(w):
    return -w.T


@linear_jacobian.mistake("The numbers are reshaped, not transposed: they end up with other pairs of output and input.")
def reshapes_the_jacobian(w):
    return w.reshape(w.shape[::-1])
