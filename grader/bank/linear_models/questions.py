"""The questions at the end of the notebook on linear models, with a text for each wrong answer."""

from __future__ import annotations

from grader.bank.forms import question

question_column_less_row = question(
    "linear_models.question_column_less_row",
    {
        "a": "They do fit, by the rules of broadcasting: (5, 1) and (1, 5) can both be stretched.",
        "b": "That is what (5,) less (5,) gives.",
        "c": "That is what (5, 1) less (5, 1) gives: here the targets have one dimension only.",
    },
)
question_squared_norm = question(
    "linear_models.question_squared_norm",
    {
        "b": "The column times the row is a (3, 3) matrix.",
        "abc": "The column times the row is a (3, 3) matrix.",
        "acd": "The square of the sum has the products of different entries too.",
        "ace": "These are three squares, not yet their sum.",
        "a": "There is another one: squares may be added up without a matrix product.",
        "c": "There is another one: the row times the column is one number.",
    },
    several=True,
)
question_logarithm_of_zero = question(
    "linear_models.question_logarithm_of_zero",
    {
        "a": "That is the exact value. Which float64 is closest to σ(40)?",
        "c": "e⁻⁴⁰ is about 4e-18, which a float64 holds well; 1 + 4e-18 is another matter.",
        "d": "The float64 closest to σ(40) is nearer than half of the machine epsilon to it. Which is it?",
    },
)
question_newton_steps = question(
    "linear_models.question_newton_steps",
    {
        0: "The start is not the minimum.",
        3: "That is the number of weights: one step moves all of them.",
        100: "That is the number of examples: each step uses all of them.",
        2: "The quadratic model that Newton's method makes of J is J itself here.",
    },
)
question_hinge_pushes = question(
    "linear_models.question_hinge_pushes",
    {
        "e": "An example on the right side is pushed too as long as y s is below 1.",
        "ae": "The label of (c) is −1: y s is 0.2 there, and its margin is not met.",
        "ce": "(a) is on the right side, but y s = 0.4 is below the margin.",
        "bd": "These are the two whose margin is met: the hinge is flat there.",
        "abcde": "Where y s is above 1, the hinge is flat.",
        "abce": "Where y s is above 1, the hinge is flat.",
        "acde": "y s counts, not s: two negative numbers make a positive one, and above 1 the hinge is flat.",
        "ac": "(e) is on the wrong side altogether.",
    },
    several=True,
)
question_symptoms = question(
    "linear_models.question_symptoms",
    {
        "a2 b1 c4 d3": "A slope never makes a loss infinite; and which factor is nearly 0 where σ is nearly 0 or 1?",
        "a4 b3 c2 d1": "At W = 0 no penalty shows. How many margins of 1 are there with ten classes, one of them right?",
        "a2 b4 c3 d1": "What is off by a multiple of w comes from what depends on w alone.",
        "a3 b2 c4 d1": "At W = 0 no model is sure of anything: σ(0) is ½.",
    },
)
