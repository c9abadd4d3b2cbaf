"""The questions at the end of the notebook on regularisation, with a text for each wrong answer; one of them is a formula."""

from __future__ import annotations

from grader.bank.forms import formula, only_names, question
from grader.judging import scalar

question_dropout_variance = formula(
    "regularization.question_dropout_variance",
    {"x": scalar(-3.0, 3.0), "p": scalar(0.05, 0.95)},
    points=1,
    form=(only_names("x", "p"),),
    regimes=("randn", "odd"),
)


@question_dropout_variance.mistake("That is the mean of the square: the square of the mean is to be taken away.")
def mean_of_the_square():
    return "x^2 / p"


@question_dropout_variance.mistake(
    "That is the variance without 1/p: a factor on the number acts on its variance as a square."
)
def variance_without_one_over_p():
    return "x^2 * p * (1 - p)"


@question_dropout_variance.mistake(
    "p and 1 − p have changed places: with p = 1 nothing is dropped, and nothing varies."
)
def places_changed():
    return "x^2 * p / (1 - p)"


@question_dropout_variance.mistake("That is the standard deviation, but for its sign: its square is asked for.")
def standard_deviation():
    return "x * ((1 - p) / p)^0.5"


@question_dropout_variance.mistake("That is the variance of the mask alone, before it is scaled: x has no part in it.")
def variance_of_the_mask():
    return "p * (1 - p)"


@question_dropout_variance.mistake("x is to be squared: a variance is not negative.")
def x_not_squared():
    return "x * (1 - p) / p"


question_upstream_of_ones = question(
    "regularization.question_upstream_of_ones",
    {
        "a": "Nothing overflows: the standard deviation is a number like any other.",
        "c": "dx is linear in dout; with ones both means take away all that there is.",
        "d": "Compute dx for a column of ones: what are the two means of the one-line form?",
    },
)
question_bias_before_norm = question(
    "regularization.question_bias_before_norm",
    {
        "a": "beta is added after the norm, and b before it: what does the norm do to a number that is added to a whole column?",
        "b": "A number that is added to all entries of a column does not move their variance.",
        "d": "beta moves the mean of the output.",
    },
)
question_batch_of_one = question(
    "regularization.question_batch_of_one",
    {
        "abcd": "Batch norm takes its mean over the batch: of one example nothing is left but beta.",
        "bc": "An instance norm is a group norm: each example by itself.",
        "bd": "A group is one of an example's own channels: no other example has a part in it.",
        "b": "Which of the others take their means over several examples?",
        "a": "It is the other way round: batch norm is the one that needs a batch.",
        "cd": "A layer norm takes its mean over one row: no other example has a part in it.",
    },
    several=True,
)
question_mode_matters = question(
    "regularization.question_mode_matters",
    {
        "a": "Batch norm goes by the batch in training, and by its running averages at test.",
        "b": "Dropout drops entries in training alone.",
        "abc": "A layer norm has no running averages: it takes mean and variance of each row in both modes.",
        "abd": "A group norm has no running averages: it takes mean and variance of each example in both modes.",
        "abe": "A ReLU sees one number at a time, and knows of no mode.",
        "abcd": "Layer and group norm keep nothing from one batch to the next.",
    },
    several=True,
)
question_norm_axes = question(
    "regularization.question_norm_axes",
    {
        "a2 b1 c3 d4": "Batch norm has one mean for each channel, and layer norm one for each example.",
        "a1 b2 c4 d3": "A group holds several channels: there are fewer groups than channels.",
        "a4 b2 c3 d1": "Batch norm averages over the examples: what is left is one mean for each channel.",
        "a1 b3 c2 d4": "Layer norm has one mean for each example, and group norm G of them.",
    },
)
question_l2_shrinks = question(
    "regularization.question_l2_shrinks",
    {
        1.9: "The slope of W² is 2W: this loss is not halved.",
        1.6: "The gradient is multiplied by the learning rate.",
        2.2: "The step goes down the gradient: the weight becomes smaller.",
        1.95: "The decay is proportional to the weight, and the weight is 2.",
        0.2: "That is the step. What is left of the weight?",
    },
    tolerance=1e-9,
)
question_scaled_weights = question(
    "regularization.question_scaled_weights",
    {
        10: "It is the other way round: the larger w is, the less a step of given size turns it.",
        1: "out stays as it is, but w has to move ten times as far for the same change.",
        0.01: "That is the factor on the gradient's part of w relative to w: the gradient itself changes by less.",
        0: "out does change with w's direction, so there is a gradient.",
    },
    tolerance=1e-9,
)
