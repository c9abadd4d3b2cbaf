"""Unit 02, computation graphs: functions as graphs, the order of their steps, and the bars that flow back through them.

A graph is a list of one or more steps ``(name, operation, *arguments)``, such as ``("s", "add", "x", 1)``; tuples and
lists are alike. An argument is a name or a number, an int or a float; a name that no step defines is an input of the
graph, and there are no inputs but those that are asked for. Steps that the output does not need do no harm, unless their
number or their operations are limited. Each step stands after the steps that it uses, unless a function says that it
takes steps in any order, and no two steps have one name. No argument is changed in place.

Operations on two arguments: add, subtract, multiply, divide, power, maximum, minimum, matmul, outer. On one: negative,
exp, log, sqrt, square, absolute, sin, cos, tanh, sigmoid, relu, sum, mean, transpose. They are numpy's of the same name:
elementwise ones broadcast, sum and mean run over all entries, and matmul of two vectors is their dot product.

Graphs are not unique: any graph is right that computes the function that is asked, to rounding, with any of the operations
above that is not forbidden. Nothing overflows at the inputs that are tried. The bar of a node v, written v̄ and
in code ``v_bar``, is ∂(output)/∂v.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.graphs_order import evaluate, inputs_and_outputs, topological_order  # noqa: F401 - the unit's answers too
from reference.graphs_paths import (  # noqa: F401 - as above
    accumulation_checker,
    add_gate,
    backpropagate,
    max_gate,
    mended_pair_bars,
    multiply_gate,
    network_gradients_graph,
    prediction_second_backward,
    prediction_without_order,
    quotient_by_paths,
    reciprocal_by_chain,
)
from reference.graphs_questions import (  # noqa: F401 - as above
    question_bar_by_hand,
    question_flow,
    question_orders,
    question_paths,
    question_same_function,
    question_when_to_hand_on,
)

Array = NDArray[np.float64]
Step = tuple[Any, ...]
Backward = Callable[[list[Step], dict[str, float]], dict[str, Any]]


def product_graph(*, operation: str = "add", shared: str = "b", number: int = 1) -> list[Step]:
    """Write f = (a + b)(b + 1) as a graph.

    Inputs: numbers a and b. Returns a list of steps ``(name, operation, *arguments)``, of which the last is f.
    Operations that suffice: add, multiply. Source: Olah 2015, "Calculus on Computational Graphs: Backpropagation".
    """
    return [("s", operation, "a", "b"), ("t", "add", shared, number), ("f", "multiply", "s", "t")]


def cubic_log_graph() -> list[Step]:
    """Write f = x³ − log x as a graph, with the natural logarithm.

    Input: a number x > 0. Returns a list of steps ``(name, operation, *arguments)``, of which the last is f.
    Operations that suffice: power, log, subtract.
    """
    return [("p", "power", "x", 3), ("q", "log", "x"), ("f", "subtract", "p", "q")]


def stepwise_graph() -> list[Step]:
    """Write f = log(x + y) + x(x + y) + y² as a graph of six steps with these names, so that each can be looked at.

    s1 = x + y, s2 = log s1, s3 = x·s1, s4 = y², s5 = s2 + s3, s6 = s5 + s4, which is f. Inputs: numbers x and y with
    x + y > 0. Returns a list of steps ``(name, operation, *arguments)`` in which each of the six names is defined, in any valid
    order, and others if you like.
    Operations that suffice: add, log, multiply, square.
    """
    return [
        ("s1", "add", "x", "y"),
        ("s2", "log", "s1"),
        ("s3", "multiply", "x", "s1"),
        ("s4", "square", "y"),
        ("s5", "add", "s2", "s3"),
        ("s6", "add", "s5", "s4"),
    ]


def shared_graph() -> list[Step]:
    """Write f = (x + y)·exp(x + y) + log(1 + exp(x + y)) as a graph of at most six steps.

    Whatever occurs more than once in the formula is computed once and used again. Inputs: numbers x and y. Returns a
    list of steps ``(name, operation, *arguments)``, of which the last is f. Operations that suffice: add, exp, log,
    multiply.
    """
    return [
        ("s", "add", "x", "y"),
        ("e", "exp", "s"),
        ("p", "multiply", "s", "e"),
        ("q", "add", 1, "e"),
        ("r", "log", "q"),
        ("f", "add", "p", "r"),
    ]


def power_graph(n: int) -> list[Step]:
    """Write f = xⁿ as a graph by repeated multiplication: its size depends on n, and whether it divides does too.

    n is an int from −10 to 10 other than 0; for n < 0, f = 1/x⁻ⁿ. Input: a number x other than 0. Returns a list of steps
    ``(name, operation, *arguments)`` for this n, of which the last is f, in no other operations than multiply and
    divide; arguments may be any nodes and numbers. For n = 1 too there must be a step: 1·x will do.
    """
    steps: list[Step] = [("p1", "multiply", 1, "x")]
    for k in range(2, abs(n) + 1):
        steps.append((f"p{k}", "multiply", f"p{k - 1}", "x"))
    if n < 0:
        steps.append(("f", "divide", 1, steps[-1][0]))
    return steps


def logistic_graph() -> list[Step]:
    """Write f = 1/(1 + exp(−wᵀx)) as a graph, without the operations sigmoid and tanh.

    Inputs: vectors w (D,) and x (D,). Returns a list of steps ``(name, operation, *arguments)``, of which the last is f,
    a number. Operations that suffice: matmul, negative, exp, add, divide.
    """
    return [
        ("u", "matmul", "w", "x"),
        ("v", "negative", "u"),
        ("e", "exp", "v"),
        ("q", "add", 1, "e"),
        ("f", "divide", 1, "q"),
    ]


def hinge_graph() -> list[Step]:
    """Write f = max(0, 1 − y·wᵀx), the hinge loss of one example, as a graph.

    Inputs: vectors w (D,) and x (D,), the label y, a number, 1 or −1. Returns a list of steps
    ``(name, operation, *arguments)``, of which the last is f, a number. Operations that suffice: matmul, multiply,
    subtract, maximum.
    """
    return [
        ("u", "matmul", "w", "x"),
        ("m", "multiply", "y", "u"),
        ("v", "subtract", 1, "m"),
        ("f", "maximum", 0, "v"),
    ]


def svm_graph() -> list[Step]:
    """Write f = ½wᵀw + C Σᵢ max(0, 1 − yᵢ wᵀxᵢ), the objective of a support vector machine, as a graph.

    Inputs: w (D,), X (N, D) with the examples xᵢ as rows, y (N,) of labels 1 and −1, and the number C > 0. Returns a
    list of steps ``(name, operation, *arguments)``, of which the last is f, a number. Operations that suffice: matmul,
    multiply, subtract, maximum, sum, add.
    """
    return [
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


def quadratic_graph() -> list[Step]:
    """Write f = xᵀAx + bᵀx + c as a graph.

    Inputs: vectors x (D,) and b (D,), the matrix A (D, D), in general not symmetric, and the number c. Returns a list of
    steps ``(name, operation, *arguments)``, of which the last is f, a number. Operations that suffice: matmul, add.
    """
    return [
        ("Ax", "matmul", "A", "x"),
        ("q", "matmul", "x", "Ax"),
        ("l", "matmul", "b", "x"),
        ("s", "add", "q", "l"),
        ("f", "add", "s", "c"),
    ]


def network_graph() -> list[Step]:
    """Write a network of two layers with its loss as a graph with every node named.

    p = Xy, q = p + c, h = tanh q, r = Wh, z = r + b, e = z − z*, L = ½‖e‖² = ½ Σ e². Inputs: y (D,), X (H, D), c (H,),
    W (M, H), b (M,), and z* (M,), which is called "z_star". Returns a list of steps ``(name, operation, *arguments)`` in
    which p, q, h, r, z, e and L are defined, and others if you like. Operations that suffice: matmul, add, tanh,
    subtract, multiply. Source: Goodfellow et al. 2016, §6.5.1, on graphs of networks.
    """
    return [
        ("p", "matmul", "X", "y"),
        ("q", "add", "p", "c"),
        ("h", "tanh", "q"),
        ("r", "matmul", "W", "h"),
        ("z", "add", "r", "b"),
        ("e", "subtract", "z", "z_star"),
        ("s", "matmul", "e", "e"),
        ("L", "multiply", 0.5, "s"),
    ]
