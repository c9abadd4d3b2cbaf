"""The questions at the end of the notebook, with a text for each wrong answer."""

from __future__ import annotations

from grader.bank.forms import question

question_lstm_parameters = question(
    "recurrent.question_lstm_parameters",
    {
        620: "That is one block. Three gates and the candidate have weights of their own.",
        2400: "The biases are missing: each of the four blocks has H of them.",
        1860: "Those are the three gates. The candidate has weights too.",
        1600: "The inputs are missing: Wx has D rows.",
        880: "The recurrent weights are missing: Wh has H rows.",
        2500: "The biases are counted once for each unit, and each of the four blocks has its own.",
    },
)
question_gates = question(
    "recurrent.question_gates",
    {
        "a4 b3 c1 d2": "Which of the two is multiplied by the old cell, and which by the candidate?",
        "a3 b4 c2 d1": "The output gate comes last, behind the cell. What is written into it is made before.",
        "a2 b4 c1 d3": "A gate is between 0 and 1: it is a share. Which of the four can be negative?",
        "a1 b4 c3 d2": "The input gate stands before the cell, the output gate behind it.",
    },
)
question_dropped_carry = question(
    "recurrent.question_dropped_carry",
    {
        "a": "At which step does nothing come back from later ones?",
        "c": "dx at an early step is the slope of all later losses too, not of its own alone.",
        "d": "Nothing was divided: what is lost differs from step to step.",
    },
)
question_exact_parts = question(
    "recurrent.question_exact_parts",
    {
        "abcde": "Of the weights' gradients one step is left, that which the loop came to last.",
        "cde": "These are the ones that are overwritten.",
        "a": "What is carried back does not depend on dWx, dWh and db: where does it end?",
        "b": "Does dx at a step need anything of dWx?",
        "abc": "An input weight has a part in every step: which of them is left when the loop ends?",
        "abd": "A weight between states has a part in every step: which of them is left when the loop ends?",
        "abe": "A bias has a part in every step too.",
    },
    several=True,
)
question_truncation = question(
    "recurrent.question_truncation",
    {
        "a": "The state goes on from window to window: only what comes back is cut.",
        "c": "What is cut is missing: the gradients are not those of the loss.",
        "d": "Every window has its loss and its gradient.",
    },
)
question_clipping = question(
    "recurrent.question_clipping",
    {
        "ab": "It makes no gradient longer.",
        "acd": "Entry by entry the large ones are cut and the small ones stay: the direction changes.",
        "abc": "It makes no gradient longer: what has vanished stays so.",
        "a": "Is there anything that it is good for?",
        "c": "All entries have one common factor.",
    },
    several=True,
)
question_masked_loss = question(
    "recurrent.question_masked_loss",
    {
        16.0: "That is the sum over both sequences: the loss is their mean.",
        2.0: "That is the mean over the steps that count: over the steps it is summed.",
        20.0: "The padding counts nothing.",
        0.8: "It is divided by T as well. Over the steps it is summed, whether they are padding or not.",
        4.0: "Those are the steps that count, on average. Each costs 2.",
        10.0: "Steps beyond the mask do not count, and T does not enter.",
    },
    tolerance=1e-9,
)
