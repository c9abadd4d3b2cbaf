"""The questions at the end of the notebook on layers, with a text for each wrong answer."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import question
from grader.judging import Exercise, Personal, drawn, value

question_jacobian_size = question(
    "layers.question_jacobian_size",
    {
        64_000: "That is the size of the batch. A Jacobian has an entry for each pair of an output and an input.",
        64_000_000: "That is one (1000, 1000) Jacobian for each example. With the batch flattened there is one for all pairs.",
        1_000_000: "That is the Jacobian of one example.",
        128_000: "Outputs and inputs are multiplied, not added.",
    },
    personal=Personal(
        {"rows": range(11, 100), "columns": range(201, 2000)},
        says={"(64, 1000)": "({rows}, {columns})", "(1000, 1000)": "({columns}, {columns})"},
        wrong={
            "answers_64000": lambda rows, columns: rows * columns,
            "answers_64000000": lambda rows, columns: rows * columns**2,
            "answers_1000000": lambda rows, columns: columns**2,
            "answers_128000": lambda rows, columns: 2 * rows * columns,
        },
    ),
)
question_relu_routes = question(
    "layers.question_relu_routes",
    {
        "a": "The sign of dout does not decide: a negative gradient goes through an active unit too.",
        "b": "The output does not scale the gradient: the slope of an active unit is 1.",
        "d": "A unit that was off did not move the loss: its gradient is 0.",
    },
)
question_not_true = question(
    "layers.question_not_true",
    {
        "a": "That is true: the sum over hidden units does not care for their order.",
        "c": "That is true: a product of matrices is a matrix.",
        "d": "That is true: it is the universal approximation theorem.",
    },
)
question_saturation = question(
    "layers.question_saturation",
    {
        "a": "tanh is flat at both ends too.",
        "d": "The logistic sigmoid is flat at both ends too.",
        "ade": "Softplus rises like x to the right: its slope tends to 1 there.",
        "abd": "The ReLU's slope is 1 on the right, all the way.",
        "bce": "These are the ones that do not saturate on the right.",
    },
    several=True,
)
question_sigmoid_slope = Exercise(
    "layers.question_sigmoid_slope",
    {"s": drawn(lambda m: m.rng.uniform(0.0, 1.0, m.shape(("...",))))},
    ("slope",),
    (value(1),),
    regimes=("randn", "odd"),
)


@question_sigmoid_slope.mistake("That is the slope of tanh in terms of its output.")
def gives_the_slope_of_tanh(s):
    return 1 - s**2


@question_sigmoid_slope.mistake("s is the output already: the exponential was taken of it once more.")
def takes_s_for_x(s):
    t = 1 / (1 + np.exp(-s))
    return t * (1 - t)


@question_sigmoid_slope.mistake("s(1 + s) grows with s, while the curve is flat at s = 1.")
def adds_one_and_s(s):
    return s * (1 + s)
