"""The questions at the end of the notebook on layers, with a text for each wrong answer."""

from __future__ import annotations

import numpy as np

from grader.bank.forms import formula, question
from grader.judging import Exercise, Personal, drawn, scalar, value

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
        "acd": "The leaky ReLU rises like x to the right, and falls slowly to the left: it is flat at neither end.",
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


question_largest_logit = question(
    "layers.question_largest_logit",
    {
        "a": "They add up to 1 whatever is taken away: they are divided by their sum.",
        "c": "After it no logit is positive, and exp takes numbers of either sign.",
        "d": "A factor that all the exponentials share is divided out again: nothing depends on it but the rounding.",
    },
)
question_what_to_keep = question(
    "layers.question_what_to_keep",
    {
        "a4 b3 c2 d1": "tanh has a slope between 0 and 1, of any size; the slope of a ReLU has two values.",
        "a1 b2 c3 d4": "A sum hands on what it gets, whatever was added. What does dw of an affine layer meet?",
        "a3 b2 c4 d1": "An affine layer's gradients are products of dout with what went in, not with what came out.",
        "a4 b1 c3 d2": "A ReLU shuts some entries off, and a sum shuts off none.",
    },
)
question_softmax_neighbour = formula(
    "layers.question_softmax_neighbour",
    {"p": scalar(0.05, 0.45), "q": scalar(0.05, 0.45)},
    1,
)


@question_softmax_neighbour.mistake("If one logit grows, the others lose by it: which sign has the slope?")
def turns_the_sign():
    return "p * q"


@question_softmax_neighbour.mistake("That is how p_i answers to its own logit.")
def takes_the_diagonal():
    return "p * (1 - p)"


@question_softmax_neighbour.mistake(
    "Softmax is no elementwise function: all logits are in the sum below the fraction line."
)
def takes_entries_apart():
    return "0 * p"


@question_softmax_neighbour.mistake(
    "The slope of the sum below the fraction line is exp(u_j): its share of the sum is missing, or counted as 1."
)
def forgets_the_share():
    return "-p"
