"""The questions at the end of the notebook on attention, with a text for each wrong answer."""

from __future__ import annotations

from grader.bank.forms import formula, question
from grader.judging import drawn

question_scale = question(
    "attention.question_scale",
    {
        "a": "The softmax sees to that, whatever the scores are.",
        "b": "Scores may be large after the division too: what keeps exp in range is that the largest is taken away.",
        "d": "The product costs T_q·T_k·d_k multiplications, divided or not.",
    },
)
question_order = question(
    "attention.question_order",
    {
        "ab": "One more is true: a causal mask shows each token another number of keys, so that places are told apart.",
        "abc": "Without positions the distance enters nowhere: a query compares itself with each key, wherever that stands.",
        "abcd": "Without positions the distance enters nowhere: a query compares itself with each key, wherever that stands.",
        "abde": "All heads see the same vectors, and none of these says where it stands.",
        "ad": "Two equal tokens ask the same query of the same keys.",
        "bd": "What each token gets does not depend on the order in which keys and values stand.",
    },
    several=True,
)
question_parameters = question(
    "attention.question_parameters",
    {
        8 * 4 * 512 * 512: "The heads share the columns of each matrix: H·d_k is 512, and not 8 times that.",
        3 * 512 * 512: "Wo is missing: the heads side by side go through one more matrix.",
        4 * 512 * 64: "That is one head: Wq has 64 columns for each of the eight.",
        512 * 512: "That is one of the four matrices.",
    },
)
question_cache_size = question(
    "attention.question_cache_size",
    {
        12 * 12 * 64 * 1000: "A token leaves a key and a value.",
        2
        * 12
        * 64
        * 1000: "That leaves out the layers or the heads: each layer has keys and values of its own, and in it each head.",
        2 * 12 * 12 * 64: "That is what one token leaves.",
        12 * 12 * 1000 * 1000: "Those are the weights, one for each pair of tokens: they are not kept.",
        3
        * 12
        * 12
        * 64
        * 1000: "The queries of old tokens are not needed again: a query looks once, when its token comes.",
    },
)
question_symptoms = question(
    "attention.question_symptoms",
    {
        "a4 b2 c1 d3": "A constant factor on dS leaves the sums of its rows at 0: which of the two faults is one?",
        "a2 b4 c3 d1": "A reshape of the heads leaves every softmax whole. In which of the two do rows lose some of their weight?",
        "a2 b1 c4 d3": "The diagonal of a Jacobian belongs to the backward pass, and the weights to the forward pass.",
    },
)
question_embedding = question(
    "attention.question_embedding",
    {
        "a": "That is what the gradient should be. The line reads the rows, adds, and writes them back, once for each place.",
        "c": "Nothing is averaged: of three values that are written to one row, the last stays.",
        "d": "numpy takes repeated indices without a word.",
    },
)
question_sampling_slope = formula(
    "attention.question_sampling_slope",
    {"s": drawn(lambda m: float(m.rng.uniform(0.02, 0.98)))},
    1,
    regimes=("randn", "odd"),
)


@question_sampling_slope.mistake("The sign is turned: the loss falls as u grows.")
def turns_the_sign():
    return "1 - s"


@question_sampling_slope.mistake(
    "That is the slope of σ itself: the logarithm divides it by s, and the minus turns it."
)
def gives_the_slope_of_the_sigmoid():
    return "s*(1 - s)"


@question_sampling_slope.mistake("That is the derivative with respect to s: u comes before s.")
def stops_at_the_sigmoid():
    return "-1/s"


@question_sampling_slope.mistake("That is the slope for a negative, −log σ(−u): here u is pulled up.")
def gives_the_slope_of_a_negative():
    return "s"
