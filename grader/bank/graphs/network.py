"""The backward pass of a network of two layers, written as a graph."""

from __future__ import annotations

from grader.bank.forms import graph
from grader.bank.graphs.vectors import NETWORK, REGIMES, of_one

network_gradients_graph = graph(
    "graphs.network_gradients_graph",
    NETWORK,
    ("W_bar", "b_bar", "X_bar", "c_bar"),
    points=4,
    named=True,
    regimes=REGIMES,
    slack=of_one,
)


def backward_steps(*changed):
    """Return the graph of the backward pass, some steps ``changed``."""
    steps = [
        ("p", "matmul", "X", "y"),
        ("q", "add", "p", "c"),
        ("h", "tanh", "q"),
        ("r", "matmul", "W", "h"),
        ("z", "add", "r", "b"),
        ("e", "subtract", "z", "z_star"),
        ("b_bar", "multiply", 1, "e"),
        ("W_bar", "outer", "b_bar", "h"),
        ("WT", "transpose", "W"),
        ("h_bar", "matmul", "WT", "b_bar"),
        ("h2", "square", "h"),
        ("slope", "subtract", 1, "h2"),
        ("c_bar", "multiply", "h_bar", "slope"),
        ("X_bar", "outer", "c_bar", "y"),
    ]
    new = {step[0]: step for step in changed}
    return [new.get(step[0], step) for step in steps]


@network_gradients_graph.mistake("The slope of tanh is missing: what arrives at h is handed on below it as it is.")
def forgets_the_slope_of_tanh():
    return backward_steps(("c_bar", "multiply", 1, "h_bar"))


@network_gradients_graph.mistake("The slope of tanh is written in h, and q was put in its place.")
def puts_q_into_the_slope():
    return backward_steps(("h2", "square", "q"))


@network_gradients_graph.mistake(
    "The slope of tanh is 1 − tanh(h)²: h is tanh q already, and tanh was taken once more."
)
def takes_the_slope_at_h():
    steps = backward_steps(("h2", "square", "th"))
    return [*steps[:3], ("th", "tanh", "h"), *steps[3:]]


@network_gradients_graph.mistake("The slope of tanh lacks the square of h.")
def forgets_the_square():
    return backward_steps(("slope", "subtract", 1, "h"))


@network_gradients_graph.mistake("The error is doubled: the ½ of the loss takes away the 2 of the square.")
def doubles_the_error():
    return backward_steps(("b_bar", "multiply", 2, "e"))


@network_gradients_graph.mistake("The error is the target less the output: the gradient points the other way.")
def goes_uphill():
    return backward_steps(("e", "subtract", "z_star", "z"))


@network_gradients_graph.mistake(
    "W_bar has the input q of the hidden units where their output h goes into the product with W."
)
def takes_q_for_h():
    return backward_steps(("W_bar", "outer", "b_bar", "q"))


@network_gradients_graph.mistake("The outer product is transposed: a gradient has the shape of its matrix.")
def transposes_the_outer_products():
    return backward_steps(("W_bar", "outer", "h", "b_bar"), ("X_bar", "outer", "y", "c_bar"))
