"""The questions at the end of the notebook."""

from __future__ import annotations

from grader.bank.forms import question

question_same_function = question(
    "graphs.question_same_function",
    {
        "acd": "One of them has b + 1 in the product and adds b outside: multiply it out.",
        "a": "One of the others shares the sum and multiplies out the second factor. Multiply the parentheses out.",
        "c": "A graph that multiplies everything out has another shape, and perhaps the same function.",
        "abc": "In one of them the 1 is added to a + b. Try a = 1, b = 0.",
        "abcd": "Not all four: put a = 1, b = 0 into each.",
    },
    several=True,
)
question_orders = question(
    "graphs.question_orders",
    {
        "d": "The order in which the steps were listed is one, and there are others.",
        "a": "This one is valid. Is there no other?",
        "ade": "One of them takes t, which uses r, before r is there.",
        "abd": "One of them takes s before r is there.",
        "acd": "One of them begins with q, which uses p.",
    },
    several=True,
)
question_flow = question(
    "graphs.question_flow",
    {
        "a4 b3 c2 d1": "Addition and multiplication are exchanged: whose slopes are 1, whatever the values?",
        "a3 b4 c1 d2": "A node that several steps use has no largest user: it moves the output through all of them.",
        "a1 b4 c2 d3": "What an addition does in the forward pass, a fan-out does in the backward pass, and the other way round.",
    },
)
question_paths = question(
    "graphs.question_paths",
    {
        60: "That is the number of edges: two from each step. A path chooses one of the two at each step.",
        30: "That is the number of steps, which every path takes. At each it has a choice.",
        31: "That is the number of nodes.",
        2**31 - 1: "These are all the paths that begin at x30, wherever they end.",
    },
)
question_when_to_hand_on = question(
    "graphs.question_when_to_hand_on",
    {
        "a": "All values are there before the backward pass begins: the forward pass computed them.",
        "b": "Local derivatives are made of values. The bar is what they are multiplied by.",
        "d": "Two parts, each handed on once, come to the same sum. What of a part that comes after the only time?",
    },
)
question_bar_by_hand = question(
    "graphs.question_bar_by_hand",
    {
        30.0: "x is used twice. One of its two edges is missing in the sum.",
        24.0: "s is used twice, by t and by f: its bar has two parts, of which one is missing.",
        18.0: "That is one path alone. From f there are several ways down to x.",
        12.0: "That is what comes through t and s alone: there are ways that do not pass t.",
        15.0: "That is the bar of s: x is a step further down.",
    },
    tolerance=1e-9,
)
