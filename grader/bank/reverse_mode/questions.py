"""The questions at the end of the notebook on reverse mode, with a text for each wrong answer."""

from __future__ import annotations

from grader.bank.forms import question

question_additions = question(
    "reverse_mode.question_additions",
    {
        "b": "The local derivatives of a sum are 1 in both modes. What is computed twice where it is needed twice?",
        "c": "Reverse mode knows no symmetry, and returns all four. Where does x3 + x4 come from when x1 and x2 need it?",
        "d": "The forward pass has both additions: they are in the formula of f.",
    },
)
question_cheaper_mode = question(
    "reverse_mode.question_cheaper_mode",
    {
        "a1 b2 c4 d3": "(a) and (b) are exchanged: forward mode moves one input in a sweep, reverse mode starts at one output.",
        "a2 b1 c3 d4": "(c) and (d) are exchanged: forward mode takes a sweep for each input, reverse mode one for each output.",
        "a1 b2 c3 d4": "The modes are exchanged throughout: count the inputs for one and the outputs for the other.",
    },
    points=2,
)
question_needs_input = question(
    "reverse_mode.question_needs_input",
    {
        "abde": "A product hands each factor the other one, which has to be kept.",
        "acde": "exp hands on its output times the upstream gradient, so it has to be kept or computed again.",
        "adef": "Where does the gradient of a maximum go? That has to be known in the backward pass.",
        "de": "One more: what has one term of a sum of two to know of the other?",
        "ad": "A reshape moves no number past another: what does its backward pass need?",
        "ae": "Every term of a sum gets the same. Does its size matter?",
    },
    several=True,
)
question_hessian_product = question(
    "reverse_mode.question_hessian_product",
    {
        "a": "That is the price of the whole Hessian. One product asks how the gradient moves in one direction.",
        "b": "The matrix is never written down: only its product with v is asked.",
        "d": "The product of the gradient with its transpose has no second derivative in it.",
    },
)
question_mean_of_squares = question(
    "reverse_mode.question_mean_of_squares",
    {
        6.0: "That is the slope of a square. What share of each has a mean?",
        0.15: "x goes into the product twice, and each way brings its part.",
        1.5: "The mean is over all entries, not over the rows alone.",
        1.2: "The mean is over all entries, not over the columns alone.",
        120.0: "A mean divides by the number of entries, and its backward pass too.",
    },
    tolerance=1e-9,
)
question_checkpoints = question(
    "reverse_mode.question_checkpoints",
    {
        100: "That is one of the two parts: the kept states and the stretch that is computed again are held at once.",
        10_000: "So many are held if all are kept and nothing is computed again. Try k = 10, and k = 1000: what happens between?",
        1010: "So many are held with k = 10, and with k = 1000: there is a better k between the two.",
        10_001: "So many are held with k = 1, and with k = 10,000: there is a better k between the two.",
    },
    tolerance=1e-9,
)
