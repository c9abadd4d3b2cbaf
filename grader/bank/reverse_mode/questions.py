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
