"""The questions at the end of the notebook, with a text for each wrong answer."""

from __future__ import annotations

from grader.bank.forms import question
from grader.judging import Personal

question_parameters = question(
    "mlp.question_parameters",
    {
        112: "The biases are missing: each layer has one more column than it has inputs.",
        140: "The outputs are not counted with a bias of their own input: W_2 has 3 rows of 17.",
        115: "The biases of the hidden layer are missing.",
        128: "The biases of the output layer are missing.",
        23: "Those are the units. The weights are one for each pair of units in neighbouring layers.",
    },
    personal=Personal(
        {"inputs": range(5, 16), "hidden": range(21, 100), "outputs": range(3, 15)},
        says={
            "from 4 inputs through 16 hidden units to 3": "from {inputs} inputs through {hidden} hidden units to {outputs}"
        },
        wrong={
            "answers_112": lambda inputs, hidden, outputs: hidden * (inputs + outputs),
            "answers_115": lambda inputs, hidden, outputs: hidden * (inputs + outputs) + outputs,
            "answers_128": lambda inputs, hidden, outputs: hidden * (inputs + outputs) + hidden,
            "answers_23": lambda inputs, hidden, outputs: inputs + hidden + outputs,
        },
    ),
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
question_symptoms = question(
    "mlp.question_symptoms",
    {
        "a2 b3 c1 d4": "Without a nonlinearity columns that start unlike stay unlike. What keeps equal ones equal?",
        "a1 b4 c2 d3": "The number of examples knows nothing of single columns: what a column has to itself is in the cost.",
        "a3 b4 c1 d2": "A factor of N on a gradient bends nothing: the net could still learn what is not linear.",
        "a4 b2 c1 d3": "A constant factor on a gradient cannot make columns equal. Which start can nothing tell apart?",
    },
)
