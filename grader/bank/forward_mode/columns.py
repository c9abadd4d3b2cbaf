"""Gradients and Jacobians by forward sweeps, a column at a time."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import higher_order, prediction
from grader.judging import array, model

REGIMES = ("randn", "odd", "small", "ties")
POINT = {"x": array("m")}


# -------------------------------------------------------------------------------------- gradients
prediction_sweeps = prediction(
    "forward_mode.prediction_sweeps",
    {
        1000: "That is the number of outputs. One sweep gives the tangents of all outputs, for one direction of the inputs.",
        3000: "A sweep gives a whole column, and not a single entry.",
        1: "One sweep has one direction: it tells what all inputs do together, not one by one.",
        4: "The values come along with the first sweep: no extra one is needed.",
    },
)


def gradients(gradient_by_sweeps, x):
    """Adapt gradient_by_sweeps: of a sum where inputs meet their neighbours, and, at lists, of one input, also as it is."""

    def neighbours(x):
        total = 0.0
        for i in range(len(x)):
            total = total + x[i] * x[i - 1] * (i + 1) + x[i].sin()
        return total

    def last_alone(x):
        return x[-1].sin() * x[-1] + 2.0

    first = gradient_by_sweeps(neighbours, x)
    return first, gradient_by_sweeps(last_alone, list(x)), gradient_by_sweeps(lambda x: x[-1], list(x))


gradient_by_sweeps = higher_order(
    "forward_mode.gradient_by_sweeps",
    POINT,
    ("gradient", "of_one_input", "of_an_input"),
    gradients,
    points=2,
    regimes=REGIMES,
)


@gradient_by_sweeps.mistake(
    "All inputs were seeded at once, so that every entry is the sum of all partial derivatives.", from_model=True
)
def seeds_all_at_once(gradient_by_sweeps):
    def wrong(f, x):
        return np.full(len(x), gradient_by_sweeps(f, x).sum())

    return wrong


@gradient_by_sweeps.mistake(
    "This is one number, the sum over the inputs: a gradient has an entry for each input.", from_model=True
)
def makes_one_sweep(gradient_by_sweeps):
    def wrong(f, x):
        return gradient_by_sweeps(f, x).sum()

    return wrong


@gradient_by_sweeps.mistake(
    "Earlier inputs keep their tangents: each sweep is seeded with one unit vector, and no more.", from_model=True
)
def leaves_earlier_seeds(gradient_by_sweeps):
    def wrong(f, x):
        return np.cumsum(gradient_by_sweeps(f, x))

    return wrong


@gradient_by_sweeps.mistake(
    "Each sweep is seeded with the input's value in place of 1: entry j is x_j·∂f/∂x_j.", from_model=True
)
def seeds_the_values(gradient_by_sweeps):
    def wrong(f, x):
        return gradient_by_sweeps(f, x) * np.asarray(x)

    return wrong


@gradient_by_sweeps.mistake("Every entry is f(x): a sweep gives the value and the tangent, and this is the value.")
def collects_the_values(f, x):
    return np.stack([model("forward_mode.jvp")(f, x, direction)[0] for direction in np.eye(len(x))])


# -------------------------------------------------------------------------------------- Jacobians
def jacobians(jacobian_by_columns, x):
    """Adapt jacobian_by_columns: of two outputs, of more than inputs, of one in a list and alone, of inputs and constants."""

    def two(x):
        return [x[0] * x[-1] * x[-1], x[-1].sin() + 2.0 * x[0]]

    def more(x):
        return [x[i] * x[i - 1] * x[i - 1] for i in range(len(x))] + [7.0]

    def one(x):
        product = x[0].sin() * x[-1]
        return [product] if len(x) % 3 == 1 else product

    def constants(x):
        return [4, 2.5] if len(x) == 1 else [4, x[-1], 2.5, x[0]]  # whole numbers too, and inputs that are handed back

    of_two, of_more = jacobian_by_columns(two, list(x)), jacobian_by_columns(more, x)
    return of_two, of_more, jacobian_by_columns(one, x), jacobian_by_columns(constants, x)


jacobian_by_columns = higher_order(
    "forward_mode.jacobian_by_columns",
    POINT,
    ("of_two", "of_more", "of_one", "of_constants"),
    jacobians,
    points=3,
    regimes=REGIMES,
)


@jacobian_by_columns.mistake(
    "The Jacobian is transposed: a sweep gives a column, and J has a row for each output.", from_model=True
)
def stacks_columns_as_rows(jacobian_by_columns):
    def wrong(f, x):
        return jacobian_by_columns(f, x).T

    return wrong


@jacobian_by_columns.mistake(
    "The rows hold the sum over the inputs: one sweep with a direction of ones is not the Jacobian.", from_model=True
)
def sweeps_once_with_ones(jacobian_by_columns):
    def wrong(f, x):
        J = jacobian_by_columns(f, x)
        return np.tile(J.sum(axis=1, keepdims=True), (1, J.shape[1]))

    return wrong


@jacobian_by_columns.mistake(
    "Outputs that are plain numbers are left out: their row is 0, and it is there.", from_model=True
)
def leaves_out_constant_outputs(jacobian_by_columns):
    def wrong(f, x):
        J = jacobian_by_columns(f, x)
        return J[np.abs(J).sum(axis=1) > 0] if len(J) > 2 else J

    return wrong


@jacobian_by_columns.mistake(
    "The outputs are added up: this is the gradient of their sum, one row in all.", from_model=True
)
def adds_up_the_rows(jacobian_by_columns):
    def wrong(f, x):
        return jacobian_by_columns(f, x).sum(axis=0, keepdims=True)

    return wrong
