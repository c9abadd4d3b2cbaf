"""The questions at the end of the notebook, with a text for each wrong answer."""

from __future__ import annotations

from grader.bank.forms import question

question_parameters = question(
    "mlp.question_parameters",
    {
        112: "The biases are missing: each layer has one more column than it has inputs.",
        140: "The outputs are not counted with a bias of their own input: W_2 has 3 rows of 17.",
        115: "The biases of the hidden layer are missing.",
        128: "The biases of the output layer are missing.",
        23: "Those are the units. The weights are one for each pair of units in neighbouring layers.",
    },
)
question_tanh_symmetries = question(
    "mlp.question_tanh_symmetries",
    {
        6: "Those are the orders alone: each unit's sign can be flipped as well.",
        8: "Those are the signs alone: the units can be reordered as well.",
        14: "The choices of an order and of the signs are independent: they multiply.",
        12: "Each unit has a sign of its own, and not all of them one together.",
    },
)
question_zero_start = question(
    "mlp.question_zero_start",
    {
        "a": "dV is 0 in the first step, and dW is not here: the hidden units give ½, not 0, and the classes do not cancel.",
        "c": "At 0 the logistic function is at its steepest.",
        "d": "e^0 is 1: the softmax gives every class the same probability.",
    },
)
question_he_variance = question(
    "mlp.question_he_variance",
    {
        "a": "Biases start at 0 and add nothing.",
        "b": "That is the 2 in Xavier's 2 / (fan_in + fan_out).",
        "d": "A ReLU has no ceiling: there is nothing to stay inside of.",
    },
)
question_same_function = question(
    "mlp.question_same_function",
    {
        "ab": "What happens to the product of signs if all units are flipped at once?",
        "be": "A sum over hidden units does not care for their order.",
        "ae": "One unit alone can be flipped as well as all of them.",
        "abce": "tanh(2z) is not 2 tanh(z): scales go through ReLUs only.",
        "abde": "Each unit has to keep its own row of W: without that, the sum is another one.",
    },
    several=True,
)
question_universal = question(
    "mlp.question_universal",
    {
        "a": "The theorem says that weights exist, not that training finds them.",
        "c": "The theorem is about a function that is given, not about what data say between their points.",
        "d": "All of ℝ is too much: far out, a net of sigmoids is flat.",
    },
)
