"""The questions at the end of the notebook on forward mode, with a text for each wrong answer."""

from __future__ import annotations

from grader.bank.forms import question

question_product_by_hand = question(
    "forward_mode.question_product_by_hand",
    {
        -2.0: "That is the product of the tangents, which belongs to ε², and ε² = 0.",
        11.0: "One of the two terms has the wrong sign: the tangent of 4 − ε is −1.",
        -3.0: "Only one factor moves here: the second term of the product rule is missing.",
        8.0: "Only one factor moves here: the first term of the product rule is missing.",
        1.0: "The tangents were added, as in a sum.",
        12.0: "That is the value of the product.",
    },
)
question_hours = question(
    "forward_mode.question_hours",
    {
        36000.0: "That is the number of seconds.",
        600.0: "That is the number of minutes.",
        10000.0: "A sweep takes 10 milliseconds, which is 0.01 seconds and not 10.",
        0.01: "A sweep takes 10 milliseconds, and not 10 microseconds.",
        20.0: "A sweep gives the loss and its derivative in one direction together: it is counted once.",
    },
    tolerance=0.02,
)
question_many_inputs = question(
    "forward_mode.question_many_inputs",
    {
        "a": "Both modes are exact to rounding: the chain rule is multiplied out from another end.",
        "c": "One sweep costs a small multiple of one run of the function, however many inputs there are.",
        "d": "That is said of reverse mode. A tangent is carried along, and can be forgotten as soon as its value can.",
    },
)
question_where_forward_is_cheaper = question(
    "forward_mode.question_where_forward_is_cheaper",
    {
        "ac": "J v for one v is a single forward sweep. How many rows would reverse mode have to find first?",
        "ae": "A curve has one input: one sweep gives its velocity, and reverse mode needs one for each of the 3 coordinates.",
        "ce": "Two inputs are two sweeps, whatever the number of outputs.",
        "acde": "With as many inputs as outputs neither needs fewer sweeps.",
        "abce": "A gradient is one row of a Jacobian: one sweep in reverse, and 500 forward.",
        "bd": "Forward mode finds a column a sweep: it is cheap where there are few inputs.",
        "b": "A gradient is one row of a Jacobian: one sweep in reverse, and 500 forward.",
    },
    several=True,
)
question_slot_of_second_derivative = question(
    "forward_mode.question_slot_of_second_derivative",
    {
        "a": "No ε has been touched there: that is f(2) itself.",
        "b": "One derivative has been taken there, along the inner ε.",
        "c": "One derivative has been taken there, along the outer ε.",
    },
)
question_symptoms = question(
    "forward_mode.question_symptoms",
    {
        "a4 b3 c1 d2": "How often would a number be multiplied by itself for an exponent of 0.5? And for 3?",
        "a3 b4 c2 d1": "In the nested derivative nothing is compared: what of the inner level reaches the outer one?",
        "a1 b4 c3 d2": "A nested derivative has two levels; 1/x has one, and it is its sign that is turned.",
        "a2 b4 c1 d3": "A derivative with the wrong sign is a matter of a rule, and a loop that stops elsewhere is not.",
    },
)
