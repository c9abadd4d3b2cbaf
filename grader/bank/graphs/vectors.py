"""Functions of vectors and matrices, written as graphs: losses, a quadratic form, a network."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.bank.forms import graph
from grader.judging import OPERATIONS, Input, array, drawn, scalar, styled

REGIMES = ("randn", "odd", "small", "ties")


def signs(*dims: str) -> Input:
    """Specify labels of 1.0 and −1.0; a number, if there is no dimension."""
    if not dims:
        return drawn(lambda m: float(m.rng.choice((-1.0, 1.0))))
    return drawn(lambda m: m.rng.choice((-1.0, 1.0), tuple(m.size(d) for d in dims)))


# ----------------------------------------------------------------------------------------- logistic
PAIR = {"w": array("D"), "x": array("D")}
MODERATE = drawn(lambda m: styled(m.recipe.style, m.rng, (m.size("D"),)))
"""A vector that no recipe edits: of exp(wᵀx)/(1 + exp(wᵀx)), which is as right, nothing would be left at wᵀx = 10⁶."""
logistic_graph = graph(
    "graphs.logistic_graph",
    {"w": MODERATE, "x": MODERATE},
    points=2,
    operations=[name for name in OPERATIONS if name not in ("sigmoid", "tanh")],
    regimes=REGIMES,
)


@logistic_graph.mistake("The minus in the exponent is lost: the curve falls with wᵀx.")
def loses_the_minus():
    return [("u", "matmul", "w", "x"), ("e", "exp", "u"), ("q", "add", 1, "e"), ("f", "divide", 1, "q")]


@logistic_graph.mistake("That is 1 + exp(−wᵀx): f is 1 divided by it.")
def inverts_the_fraction():
    return [("u", "matmul", "w", "x"), ("v", "negative", "u"), ("e", "exp", "v"), ("f", "add", 1, "e")]


@logistic_graph.mistake("The entries of w and x are multiplied and not summed: wᵀx is one number.")
def does_not_sum():
    return [
        ("u", "multiply", "w", "x"),
        ("v", "negative", "u"),
        ("e", "exp", "v"),
        ("q", "add", 1, "e"),
        ("f", "divide", 1, "q"),
    ]


@logistic_graph.mistake("The 1 in the denominator is lost.")
def loses_the_one_below():
    return [("u", "matmul", "w", "x"), ("v", "negative", "u"), ("e", "exp", "v"), ("f", "divide", 1, "e")]


# -------------------------------------------------------------------------------------------- hinge
hinge_graph = graph("graphs.hinge_graph", {**PAIR, "y": signs()}, points=2, regimes=REGIMES)


def hinge_steps(*changed):
    """Return the graph of the hinge loss, some steps ``changed``."""
    steps = [
        ("u", "matmul", "w", "x"),
        ("m", "multiply", "y", "u"),
        ("v", "subtract", 1, "m"),
        ("f", "maximum", 0, "v"),
    ]
    new = {step[0]: step for step in changed}
    return [new.get(step[0], step) for step in steps]


@hinge_graph.mistake("The label does not reach the output: an example of the other class costs the same.")
def ignores_the_label():
    return hinge_steps(("v", "subtract", 1, "u"))


@hinge_graph.mistake("The margin is missing: an example that is only just on its side costs something too.")
def has_no_margin():
    return hinge_steps(("v", "negative", "m"))


@hinge_graph.mistake("The difference is the wrong way round: 1 is what y·wᵀx is subtracted from.")
def subtracts_the_margin():
    return hinge_steps(("v", "subtract", "m", 1))


@hinge_graph.mistake("The smaller of the two is taken, where the larger one is asked.")
def takes_the_minimum():
    return hinge_steps(("f", "minimum", 0, "v"))


@hinge_graph.mistake("There is no maximum: examples beyond the margin earn something here.")
def does_not_bend():
    return hinge_steps()[:3]


# ---------------------------------------------------------------------------- support vector machine
svm_graph = graph(
    "graphs.svm_graph",
    {"w": array("D"), "X": array("N", "D"), "y": signs("N"), "C": scalar(0.1, 3)},
    points=3,
    regimes=REGIMES,
)


def svm_steps(*changed):
    """Return the graph of the objective, some steps ``changed``."""
    steps = [
        ("n", "matmul", "w", "w"),
        ("half", "multiply", 0.5, "n"),
        ("u", "matmul", "X", "w"),
        ("m", "multiply", "y", "u"),
        ("v", "subtract", 1, "m"),
        ("h", "maximum", 0, "v"),
        ("s", "sum", "h"),
        ("cost", "multiply", "C", "s"),
        ("f", "add", "half", "cost"),
    ]
    new = {step[0]: step for step in changed}
    return [new.get(step[0], step) for step in steps]


@svm_graph.mistake("The ½ before wᵀw is lost.")
def loses_the_half():
    return svm_steps(("half", "multiply", 1, "n"))


@svm_graph.mistake("The hinge losses are averaged, where their sum is asked.")
def averages_the_hinges():
    return svm_steps(("s", "mean", "h"))


@svm_graph.mistake("C weighs the wrong term: it belongs to the sum of the hinge losses.")
def weighs_the_norm():
    return svm_steps(("half", "multiply", "C", "n"), ("cost", "multiply", 0.5, "s"))


@svm_graph.mistake("The maximum is taken of the sum: each example has a hinge of its own.")
def bends_the_sum():
    return svm_steps(("h", "sum", "v"), ("s", "maximum", 0, "h"))


@svm_graph.mistake("C does not reach the output.")
def leaves_out_the_weight():
    return svm_steps(("f", "add", "half", "s"))


@svm_graph.mistake("The penalty ½wᵀw does not reach the output.")
def leaves_out_the_penalty():
    return svm_steps(("f", "multiply", 1, "cost"))


# ----------------------------------------------------------------------------------- quadratic form
quadratic_graph = graph(
    "graphs.quadratic_graph",
    {"x": array("D"), "A": array("D", "D"), "b": array("D"), "c": scalar(-3, 3)},
    points=2,
    regimes=(*REGIMES, "offset"),
)


@quadratic_graph.mistake("A does not reach the output, or as if it were the identity: this is xᵀx + bᵀx + c.")
def forgets_the_matrix():
    return [
        ("q", "matmul", "x", "x"),
        ("l", "matmul", "b", "x"),
        ("s", "add", "q", "l"),
        ("f", "add", "s", "c"),
    ]


@quadratic_graph.mistake("The constant c is lost.")
def forgets_the_constant():
    return [("Ax", "matmul", "A", "x"), ("q", "matmul", "x", "Ax"), ("l", "matmul", "b", "x"), ("f", "add", "q", "l")]


@quadratic_graph.mistake("The linear term is lost.")
def forgets_the_linear_term():
    return [("Ax", "matmul", "A", "x"), ("q", "matmul", "x", "Ax"), ("f", "add", "q", "c")]


@quadratic_graph.mistake("x stands once in the quadratic term: this is linear in x.")
def takes_the_first_power():
    return [
        ("Ax", "matmul", "A", "x"),
        ("t", "sum", "Ax"),
        ("l", "matmul", "b", "x"),
        ("s", "add", "t", "l"),
        ("f", "add", "s", "c"),
    ]


@quadratic_graph.mistake("c is added to every entry before the sum, and so counts once for each of them.")
def adds_the_constant_to_every_entry():
    return [
        ("Ax", "matmul", "A", "x"),
        ("q", "matmul", "x", "Ax"),
        ("bx", "multiply", "b", "x"),
        ("bxc", "add", "bx", "c"),
        ("l", "sum", "bxc"),
        ("f", "add", "q", "l"),
    ]


# ------------------------------------------------------------------------------------------ network
NETWORK = {
    "y": array("D"),
    "X": array("H", "D"),
    "c": array("H"),
    "W": array("M", "H"),
    "b": array("M"),
    "z_star": array("M"),
}


def of_one(given: Any) -> float:
    """Return as slack what rounding in tanh = 2·sigmoid − 1 does: it is that of 1, and goes on through W."""
    return 1.0 + float(np.abs(given["W"]).sum())


network_graph = graph(
    "graphs.network_graph",
    NETWORK,
    ("p", "q", "h", "r", "z", "e", "L"),
    points=3.5,
    named=True,
    regimes=REGIMES,
    slack=of_one,
)


def network_steps(*changed):
    """Return the graph of the network, some steps ``changed``."""
    steps = [
        ("p", "matmul", "X", "y"),
        ("q", "add", "p", "c"),
        ("h", "tanh", "q"),
        ("r", "matmul", "W", "h"),
        ("z", "add", "r", "b"),
        ("e", "subtract", "z", "z_star"),
        ("s", "matmul", "e", "e"),
        ("L", "multiply", 0.5, "s"),
    ]
    new = {step[0]: step for step in changed}
    return [new.get(step[0], step) for step in steps]


@network_graph.mistake("The ½ of the loss is lost.")
def loses_the_half_of_the_loss():
    return network_steps(("L", "multiply", 1, "s"))


@network_graph.mistake("The hidden layer has no bias: c does not reach h.")
def has_no_hidden_bias():
    return network_steps(("h", "tanh", "p"))


@network_graph.mistake("The second layer takes q, the hidden units before their nonlinearity.")
def skips_the_nonlinearity():
    return network_steps(("r", "matmul", "W", "q"))


@network_graph.mistake("e is the target less the output: it is the other way round. The loss does not show it.")
def turns_the_error_round():
    return network_steps(("e", "subtract", "z_star", "z"))


@network_graph.mistake("The loss is the mean of the squares, where half their sum is asked.")
def averages_the_squares():
    return [*network_steps()[:6], ("s", "square", "e"), ("L", "mean", "s")]
