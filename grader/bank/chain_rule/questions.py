"""The questions at the end of the notebook on the chain rule, with a text for each wrong answer."""

from __future__ import annotations

from grader.bank.forms import formula, question
from grader.judging import scalar

question_errors = question(
    "chain_rule.question_errors",
    {
        "a2 b4 c3 d1": "One-sided and central are the wrong way round: which error falls like h²?",
        "a4 b3 c2 d1": "The smaller step is not the better one here: at h = 1e-12 rounding has u/h of the value.",
        "a4 b2 c1 d3": "The complex step takes no difference, so that a small h costs it nothing; the central difference does.",
        "a3 b2 c4 d1": "Of the two errors of some 1e-5, which is from truncation, h/2 times f''?",
    },
)
question_complex_step = question(
    "chain_rule.question_complex_step",
    {
        "a": "A complex number is two real ones, each with the usual sixteen digits.",
        "c": "Its truncation error falls like h², as that of the central difference. What limits the latter is the other error.",
        "d": "Divisions are as exact as for real numbers, and there they are not what goes wrong.",
    },
)
question_blind_checks = question(
    "chain_rule.question_blind_checks",
    {
        "b": "At (1, 0) it passes, and not only there: where else is x equal to its square, and which check leaves an entry out?",
        "bd": "Where else is x equal to its square?",
        "ad": "Where else is x equal to its square?",
        "ab": "One of the checks never looks at the entry that is wrong.",
        "abcd": "At (1, 2) the wrong entry is 6, where 12 is right: that check sees it.",
        "c": "That is the one that it does not pass.",
    },
    several=True,
)
question_representations = question(
    "chain_rule.question_representations",
    {
        "a": "That is true: three operations, three times.",
        "b": "That is true: two mentions, each of which holds two, each of which holds two.",
        "c": "That is true: along with each value goes its slope.",
    },
)
question_table_of_slopes = question(
    "chain_rule.question_table_of_slopes",
    {
        20.0: "The slope of f was taken at x. What does f get to see?",
        2.0: "That is how f answers to g; g answers to x with a slope of its own.",
        5.0: "That is the inner slope alone: what f makes of it is missing.",
        30.0: "The slope of f was taken at the slope of g, where it belongs to a value.",
        7.0: "The slopes were added. A change of x is stretched twice, one time after the other.",
    },
    tolerance=1e-9,
)
question_moving_exponent = formula(
    "chain_rule.question_moving_exponent",
    {"x": scalar(0.3, 3.0), "y": scalar(-2.0, 2.0), "dx": scalar(-2.0, 2.0), "dy": scalar(-2.0, 2.0)},
    1,
)


@question_moving_exponent.mistake("The exponent was taken for a constant: z moves with y too.")
def holds_the_exponent():
    return "y * x^(y - 1) * dx"


@question_moving_exponent.mistake("The base was taken for a constant: z moves with x too.")
def holds_the_base():
    return "x^y * log(x) * dy"


@question_moving_exponent.mistake("One of the two slopes is that of exp, whose base is e: here the base is x.")
def forgets_the_logarithm():
    return "y * x^(y - 1) * dx + x^y * dy"


@question_moving_exponent.mistake(
    "These are the two slopes. Each variable moves at a rate of its own, which is missing."
)
def adds_the_partial_derivatives():
    return "y * x^(y - 1) + x^y * log(x)"


@question_moving_exponent.mistake("The parts were multiplied. The effects of two variables that move at once add up.")
def multiplies_the_parts():
    return "y * x^(y - 1) * dx * x^y * log(x) * dy"
