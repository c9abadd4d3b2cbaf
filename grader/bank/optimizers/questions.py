"""The questions at the end of the notebook on optimizers, with a text for each wrong answer."""

from __future__ import annotations

from grader.bank.forms import formula, question
from grader.judging import Personal, scalar

question_non_diagonal = question(
    "optimizers.question_non_diagonal",
    {
        "a": "Gradient descent has the same step for every direction: its preconditioner is a multiple of the identity.",
        "b": "Momentum remembers; it does not turn the gradient.",
        "c": "Nesterov's momentum looks ahead; it does not turn the gradient.",
        "d": "AdaGrad divides each entry by a number of its own: that is a diagonal matrix.",
        "e": "Adam divides each entry by a number of its own: that is a diagonal matrix.",
    },
)
question_oscillating_loss = question(
    "optimizers.question_oscillating_loss",
    {
        "a": "Steps that are too small make a curve that falls slowly and smoothly.",
        "c": "Rounding is sixteen digits down: nobody sees it in a loss curve.",
        "d": "The whole batch is used: there is no noise.",
    },
)
question_newton_saddle = question(
    "optimizers.question_newton_saddle",
    {
        "a": "The Hessian is diag(2, −2): it can be inverted.",
        "b": "Gradient descent would. Newton's method solves for a point where the gradient is 0, of whatever kind.",
        "d": "The gradient at (1, 1) is (2, −2).",
    },
)
question_stable_step = question(
    "optimizers.question_stable_step",
    {
        0.125: "1/λ reaches the bottom along x in one step. Up to which step does it still not run away?",
        15.0: "That is 2/λ of the flat direction: the steep one runs away long before.",
        0.5: "The second derivative of 4x² is 8.",
    },
    tolerance=1e-6,
    personal=Personal(
        {"steep": tuple(n / 10 for n in range(21, 100) if n % 10), "flat": range(11, 100)},
        says={"4x² + (y + 3)²/15": "{steep}x² + (y + 3)²/{flat}", "of 4x² is 8": "of {steep}x² is {curvature}"},
        words=lambda steep, flat: {"curvature": f"{2 * steep:.12g}"},
        wrong={
            "answers_0.125": lambda steep, flat: 1 / (2 * steep),
            "answers_15.0": lambda steep, flat: float(flat),
            "answers_0.5": lambda steep, flat: 2 / steep,
        },
    ),
)
question_adam_first_step = question(
    "optimizers.question_adam_first_step",
    {
        1e-3: "The size is right. In which direction does the weight move when its gradient is positive?",
        -1.0: "That is a step of gradient descent. What does Adam divide by?",
        -3.1622776601683795e-3: "The bias corrections are missing: both moments start at 0.",
        -1e-2: "Adam's default learning rate is smaller.",
    },
    tolerance=1e-6,
)
question_loss_curves = question(
    "optimizers.question_loss_curves",
    {
        "a1 b3 c2 d4": "The first two are swapped: steps that are too large jump, and steps that are too small crawl.",
        "a2 b1 c3 d4": "A curve that never settles needs smaller steps at once; one that has settled on a level with noise, later.",
        "a3 b2 c1 d4": "A level with noise on it: larger steps raise it.",
        "a3 b1 c4 d2": "Held-out loss that rises while the training loss falls is no matter of the step.",
    },
)
question_loss_in_other_units = question(
    "optimizers.question_loss_in_other_units",
    {
        "acde": "Gradient descent takes the gradient as it comes, a thousand times as long.",
        "bcde": "At the first step nothing is remembered yet: what is momentum then?",
        "de": "The root of one square is the size of that gradient itself. What do you divide by what in each of the methods?",
        "ce": "With the corrections both moments are those of one gradient. What becomes of a factor of 1000 in their ratio?",
        "cd": "Hessian and gradient grow alike. What does the linear solve make of that?",
        "ab": "These are the two whose step is a multiple of the gradient.",
        "e": "The adaptive methods divide a gradient by the size of what they have seen: what is that at the first step?",
    },
    several=True,
)
question_two_steps = formula(
    "optimizers.question_two_steps",
    {"x": scalar(-3.0, 3.0), "k": scalar(0.5, 4.0), "r": scalar(0.05, 0.8)},
    1,
)


@question_two_steps.mistake("Both steps have the gradient of the start: after the first one it has changed.")
def keeps_the_first_gradient():
    return "x * (1 - 2 * r * k)"


@question_two_steps.mistake("That is one step.")
def takes_one_step():
    return "x * (1 - r * k)"


@question_two_steps.mistake("The slope is half of what it is: a square brings down a 2.")
def halves_the_slope():
    return "x * (1 - r * k / 2)^2"


@question_two_steps.mistake("These steps lead uphill.")
def climbs():
    return "x * (1 + r * k)^2"
