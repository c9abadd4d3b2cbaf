"""Symbolic derivatives: their size, the program that does without them, and functions in pieces."""

from __future__ import annotations

from grader.bank.chain_rule.values import but_at, listed, positive, signed
from grader.bank.forms import formula, plain, prediction
from grader.judging import drawn, scalar

USUAL = ("randn", "odd")

second_derivative_formula = formula("chain_rule.second_derivative_formula", {"x": signed(-1, 0.3)}, points=1)


@second_derivative_formula.mistake("This is the first derivative.")
def differentiates_once():
    return "-2*x*exp(-x^2)"


@second_derivative_formula.mistake("One term of the product rule is missing: the first factor, −2x, moves as well.")
def differentiates_the_exponential_only():
    return "4*x^2*exp(-x^2)"


@second_derivative_formula.mistake("One term of the product rule is missing: the exponential moves as well.")
def differentiates_the_first_factor_only():
    return "-2*exp(-x^2)"


@second_derivative_formula.mistake("A sign: at 0 the function has its top, so its second derivative is negative there.")
def adds_the_two_terms():
    return "(4*x^2 + 2)*exp(-x^2)"


# ----------------------------------------------------------------------------------- expression swell
expanded_operations = plain(
    "chain_rule.expanded_operations",
    {
        "k": scalar(1, 7, integer=True),
        "m": drawn(lambda making: 1 + making.recipe.seed % (4 if making.recipe.seed < 20 else 7)),
        "n": scalar(1, 7, integer=True),
    },
    ("formula", "program"),
    2,
    drive=listed(),
    regimes=USUAL,
)


@expanded_operations.mistake("The formula does not swell here: each mention of w holds a copy of all that is inside.")
def counts_each_function_once(k, m, n):
    return k * n, k * n


@expanded_operations.mistake(
    "Only the innermost copies are counted: the functions around them have operations as well."
)
def counts_the_innermost(k, m, n):
    return k * m ** (n - 1), k * n


@expanded_operations.mistake("The formula has one f too many: w itself has no operation.")
def nests_once_more(k, m, n):
    return sum(k * m**i for i in range(n + 1)), k * n


@expanded_operations.mistake(
    "The program swells here: it computes each value once and uses it as often as it is mentioned."
)
def lets_the_program_swell(k, m, n):
    total = sum(k * m**i for i in range(n))
    return total, total


@expanded_operations.mistake("The mentions are added, where they multiply: each copy has copies of its own in it.")
def adds_mentions(k, m, n):
    return k * (1 + m * (n - 1)), k * n


iterated_slope = plain(
    "chain_rule.iterated_slope",
    {
        # The ends, the top, where a slope is 0, and the point that stays where it is.
        "w0": but_at(scalar(0, 1), {1: 0.5, 2: 0.0, 5: 0.75, 6: 0.0, 7: 1.0}),
        "n": but_at(scalar(1, 10, integer=True), {0: 1, 1: 3, 4: 10}),
    },
    ("value", "derivative"),
    2,
    drive=listed(),
    regimes=USUAL,
)


@iterated_slope.mistake("Every slope is taken at the first w: each is due at the value that has arrived.")
def takes_all_slopes_at_the_start(w0, n):
    w, slope = w0, (4 - 8 * w0) ** n
    for _ in range(n):
        w = 4 * w * (1 - w)
    return w, slope


@iterated_slope.mistake("The value moves on before its slope is taken: each slope is taken one step too late.")
def takes_slopes_too_late(w0, n):
    w, slope = w0, 1.0
    for _ in range(n):
        w = 4 * w * (1 - w)
        slope = slope * (4 - 8 * w)
    return w, slope


@iterated_slope.mistake("The derivative is 0 everywhere: a product that starts from 0 stays 0.")
def starts_from_no_slope(w0, n):
    w = w0
    for _ in range(n):
        w = 4 * w * (1 - w)
    return w, 0.0


@iterated_slope.mistake("The slopes are added: along one path they multiply.")
def adds_the_slopes(w0, n):
    w, slope = w0, 0.0
    for _ in range(n):
        slope = slope + (4 - 8 * w)
        w = 4 * w * (1 - w)
    return w, slope


@iterated_slope.mistake("The slope of one step is that of 4w alone: the second w of 4w(1 − w) moves too.")
def forgets_the_second_mention(w0, n):
    w, slope = w0, 1.0
    for _ in range(n):
        slope = slope * 4 * (1 - w)
        w = 4 * w * (1 - w)
    return w, slope


@iterated_slope.mistake("The slope is that of the last step alone: the steps before it are a path too.")
def keeps_the_last_slope(w0, n):
    w, slope = w0, 1.0
    for _ in range(n):
        slope = 4 - 8 * w
        w = 4 * w * (1 - w)
    return w, slope


# ------------------------------------------------------------------------------------ functions in pieces
slope_of_huber = formula("chain_rule.slope_of_huber", {"x": signed(-1, 0.6), "d": positive(-0.7, 0.5)}, points=1)


@slope_of_huber.mistake(
    "Right on the right side and in the middle: on the left the function falls in a straight line as well."
)
def forgets_the_left_side():
    return "min(x, d)"


@slope_of_huber.mistake("This is the slope of the parabola: beyond d the function goes on in a straight line.")
def stays_on_the_parabola():
    return "x"


@slope_of_huber.mistake("The sign is lost: to the left of 0 the function falls.")
def loses_the_sign_on_the_left():
    return "min(abs(x), d)"


@slope_of_huber.mistake("The pieces meet at 1 whatever d is.")
def fixes_the_border():
    return "max(-1, min(x, 1))"


@slope_of_huber.mistake(
    "This is −d, whatever x is. Which of max and min keeps a number below a bound, and which above one?"
)
def swaps_max_and_min():
    return "min(-d, max(x, d))"


# ------------------------------------------------------------------------------------------- prediction
prediction_branch = prediction(
    "chain_rule.prediction_branch",
    {
        4: "That is the derivative of x², the other branch. Which formula was taken at x = 2?",
        2: "That is x itself. Which formula was taken at x = 2, and what is its derivative?",
        8: "That is no derivative of either branch.",
    },
)
