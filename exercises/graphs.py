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

The functions below are yours to write: each docstring says what is asked. Put your code where it says
``raise NotImplementedError`` and leave the other lines as they are; ``status()`` in the notebook tells how far you are.
"""

# Derived from the model answers by `gradmark stubs`: course authors change those, not this file.
# The names that ruff misses here are for the student to define, and those that it finds unused to use.
# ruff: noqa: ARG001, ARG002, F821, F841, RUF059, RUF100

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Step = tuple[Any, ...]
Backward = Callable[[list[Step], dict[str, float]], dict[str, Any]]


def product_graph() -> list[Step]:
    """Write f = (a + b)(b + 1) as a graph.

    Inputs: numbers a and b. Returns a list of steps ``(name, operation, *arguments)``, of which the last is f.
    Operations that suffice: add, multiply. Source: Olah 2015, "Calculus on Computational Graphs: Backpropagation".
    """
    raise NotImplementedError("graphs.product_graph: not written yet")


def cubic_log_graph() -> list[Step]:
    """Write f = x³ − log x as a graph, with the natural logarithm.

    Input: a number x > 0. Returns a list of steps ``(name, operation, *arguments)``, of which the last is f.
    Operations that suffice: power, log, subtract.
    """
    raise NotImplementedError("graphs.cubic_log_graph: not written yet")


def stepwise_graph() -> list[Step]:
    """Write f = log(x + y) + x(x + y) + y² as a graph of six steps with these names, so that each can be looked at.

    s1 = x + y, s2 = log s1, s3 = x·s1, s4 = y², s5 = s2 + s3, s6 = s5 + s4, which is f. Inputs: numbers x and y with
    x + y > 0. Returns a list of steps ``(name, operation, *arguments)`` in which each of the six names is defined, in any valid
    order, and others if you like.
    Operations that suffice: add, log, multiply, square.
    """
    raise NotImplementedError("graphs.stepwise_graph: not written yet")


def shared_graph() -> list[Step]:
    """Write f = (x + y)·exp(x + y) + log(1 + exp(x + y)) as a graph of at most six steps.

    Whatever occurs more than once in the formula is computed once and used again. Inputs: numbers x and y. Returns a
    list of steps ``(name, operation, *arguments)``, of which the last is f. Operations that suffice: add, exp, log,
    multiply.
    """
    raise NotImplementedError("graphs.shared_graph: not written yet")


def power_graph(n: int) -> list[Step]:
    """Write f = xⁿ as a graph by repeated multiplication: its size depends on n, and whether it divides does too.

    n is an int from −10 to 10 other than 0; for n < 0, f = 1/x⁻ⁿ. Input: a number x other than 0. Returns a list of steps
    ``(name, operation, *arguments)`` for this n, of which the last is f, in no other operations than multiply and
    divide; arguments may be any nodes and numbers. For n = 1 too there must be a step: 1·x will do.
    """
    raise NotImplementedError("graphs.power_graph: not written yet")


def logistic_graph() -> list[Step]:
    """Write f = 1/(1 + exp(−wᵀx)) as a graph, without the operations sigmoid and tanh.

    Inputs: vectors w (D,) and x (D,). Returns a list of steps ``(name, operation, *arguments)``, of which the last is f,
    a number. Operations that suffice: matmul, negative, exp, add, divide.
    """
    raise NotImplementedError("graphs.logistic_graph: not written yet")


def hinge_graph() -> list[Step]:
    """Write f = max(0, 1 − y·wᵀx), the hinge loss of one example, as a graph.

    Inputs: vectors w (D,) and x (D,), the label y, a number, 1 or −1. Returns a list of steps
    ``(name, operation, *arguments)``, of which the last is f, a number. Operations that suffice: matmul, multiply,
    subtract, maximum.
    """
    raise NotImplementedError("graphs.hinge_graph: not written yet")


def svm_graph() -> list[Step]:
    """Write f = ½wᵀw + C Σᵢ max(0, 1 − yᵢ wᵀxᵢ), the objective of a support vector machine, as a graph.

    Inputs: w (D,), X (N, D) with the examples xᵢ as rows, y (N,) of labels 1 and −1, and the number C > 0. Returns a
    list of steps ``(name, operation, *arguments)``, of which the last is f, a number. Operations that suffice: matmul,
    multiply, subtract, maximum, sum, add.
    """
    raise NotImplementedError("graphs.svm_graph: not written yet")


def quadratic_graph() -> list[Step]:
    """Write f = xᵀAx + bᵀx + c as a graph.

    Inputs: vectors x (D,) and b (D,), the matrix A (D, D), in general not symmetric, and the number c. Returns a list of
    steps ``(name, operation, *arguments)``, of which the last is f, a number. Operations that suffice: matmul, add.
    """
    raise NotImplementedError("graphs.quadratic_graph: not written yet")


def network_graph() -> list[Step]:
    """Write a network of two layers with its loss as a graph with every node named.

    p = Xy, q = p + c, h = tanh q, r = Wh, z = r + b, e = z − z*, L = ½‖e‖² = ½ Σ e². Inputs: y (D,), X (H, D), c (H,),
    W (M, H), b (M,), and z* (M,), which is called "z_star". Returns a list of steps ``(name, operation, *arguments)`` in
    which p, q, h, r, z, e and L are defined, and others if you like. Operations that suffice: matmul, add, tanh,
    subtract, multiply. Source: Goodfellow et al. 2016, §6.5.1, on graphs of networks.
    """
    raise NotImplementedError("graphs.network_graph: not written yet")


def inputs_and_outputs(steps: list[Step]) -> tuple[list[str], list[str]]:
    """Tell which nodes of a graph are its inputs, and which its outputs.

    steps: tuples ``(name, operation, *arguments)`` in any order; an argument is a name or a number. An input is a name
    that is used and that no step defines; an output is the name of a step that no step uses. Returns two lists of
    names (tuples will do, sets will not), inputs and outputs, each name once, in any order.
    """
    raise NotImplementedError("graphs.inputs_and_outputs: not written yet")


def topological_order(steps: list[Step]) -> list[str]:
    """Return the names of a graph's steps in an order in which each comes after all steps that it uses.

    steps: tuples ``(name, operation, *arguments)`` in any order, without a cycle; an argument is a name or a number, and
    a step may use one name twice. Returns a list that holds the name of each step once, and no input's name. Any such
    order is right. A chain of 10,000 steps must work, in a second: no function calls itself for each step of a path, and
    names are looked up in dicts or sets, not in lists. Source: Kahn 1962.
    """
    raise NotImplementedError("graphs.topological_order: not written yet")


def evaluate(steps: list[Step], inputs: dict[str, float]) -> dict[str, Any]:
    """Compute the value of every node of a graph, its forward pass.

    steps: tuples ``(name, operation, *arguments)`` in any order; an argument is a name or a number. Operations, on
    numbers: add, subtract, multiply, divide, maximum of two arguments, negative, exp, log, tanh of one. inputs: by name,
    of all inputs and perhaps of others that no step uses. Returns the value of every step and of every entry of inputs,
    by name, in a dict that may hold other names too. Nothing overflows or is undefined, and no tanh is taken of more than
    2 in size. A chain of 10,000 steps must work, in a second.
    """
    raise NotImplementedError("graphs.evaluate: not written yet")
    return values


def add_gate(bar: Array, a: Array, b: Array) -> tuple[Array, Array]:  # noqa: ARG001 - all gates are called alike
    """Hand the bar of s = a + b on to its arguments: return (a_bar, b_bar), elementwise.

    bar = ∂L/∂s, a, b, a_bar = ∂L/∂a and b_bar = ∂L/∂b all of one shape, any. Both may be the array bar itself.
    """
    raise NotImplementedError("graphs.add_gate: not written yet")


def multiply_gate(bar: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """Hand the bar of p = a·b on to its arguments: return (a_bar, b_bar), elementwise.

    bar = ∂L/∂p, a, b, a_bar = ∂L/∂a and b_bar = ∂L/∂b all of one shape, any.
    """
    raise NotImplementedError("graphs.multiply_gate: not written yet")


def max_gate(bar: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """Hand the bar of m = max(a, b) on to its arguments: return (a_bar, b_bar), elementwise.

    bar = ∂L/∂m, a, b, a_bar = ∂L/∂a and b_bar = ∂L/∂b all of one shape, any. Where a = b, the bar may be split between
    the two in any parts from 0 to 1 that add up to 1, the same whenever the same is asked.
    """
    raise NotImplementedError("graphs.max_gate: not written yet")


def quotient_by_paths(x: float) -> tuple[float, float, float]:
    """Differentiate y = x/z, where z = x², by paths: x reaches y directly, and through z.

    x: a number other than 0. Returns (direct, through, total): the product of the slopes along the direct path, on which
    z is held fixed; the product along the path through z; and dy/dx, which both make together.
    """
    raise NotImplementedError("graphs.quotient_by_paths: not written yet")


def reciprocal_by_chain() -> str:
    """Write dy/dx for y = 1/z, z = x², as the chain rule gives it: a formula in x and z, z being left as it is.

    Return text such as "3*x + z^2", in the names x and z, numbers, + - * / ^ (or **) and parentheses. It is compared at values of
    x and z that need not satisfy z = x².
    """
    raise NotImplementedError("graphs.reciprocal_by_chain: not written yet")


def backpropagate(steps: list[Step], inputs: dict[str, float]) -> dict[str, Any]:
    """Compute the bar of every node of a graph: its backward pass, with v_bar = ∂(output)/∂v.

    steps: tuples ``(name, operation, *arguments)``, each after those that it uses; the last one is the output, whose bar
    is 1. An argument is a name or a number, and a step may use one name twice. Operations, on numbers: add, subtract,
    multiply, divide, maximum of two arguments (which are never equal), negative, exp, log, tanh of one. inputs: by name,
    of all inputs and perhaps of others that no step uses. Returns the bar of every step and of every entry of inputs,
    by name, in a dict that may hold other names too; a bar is 0 for what the output does not depend on. Nothing overflows or is
    undefined, and no tanh is taken of more than 2 in size. A chain of 10,000 steps must work, in a second.
    Source: Baydin et al. 2018, §3.2.
    """
    raise NotImplementedError("graphs.backpropagate: not written yet")
    return bars


def prediction_without_order() -> int:
    """Predict what the recursion below leaves in bar["a"] for b = a + a, c = b + b, begun with bar["c"] = 1.

    ``def visit(name):`` for each argument of the step ``name``, add bar[name] to the argument's bar;
    then, again for each argument of the step, ``visit(argument)``. b + b has two arguments, and both
    are b. Inputs have no arguments. All bars but c's begin at 0, and no bar is ever set back. Return
    the number.
    """
    raise NotImplementedError("graphs.prediction_without_order: not written yet")


def prediction_second_backward() -> int:
    """Predict a bar after a second backward pass for b = a + a, c = b + b.

    Every node keeps its bar, and all begin at 0. A backward pass sets the bar of c to 1, then takes the
    steps c and b in this order and adds the bar of each to the bars of its two arguments. It is run
    twice, and nothing is set back to 0 in between. What is the bar of a, which libraries call its
    .grad, after the second run? Return the number.
    """
    raise NotImplementedError("graphs.prediction_second_backward: not written yet")


def network_gradients_graph() -> list[Step]:
    """Write the backward pass of a network of two layers as a graph: the four gradients of its loss are nodes as well.

    The network: h = tanh(Xy + c), z = Wh + b, L = ½‖z − z*‖². Inputs: y (D,), X (H, D), c (H,), W (M, H), b (M,), and
    z* (M,), which is called "z_star". Returns a list of steps ``(name, operation, *arguments)`` in which are defined
    W_bar = ∂L/∂W (M, H), b_bar = ∂L/∂b (M,), X_bar = ∂L/∂X (H, D) and c_bar = ∂L/∂c (H,), and whatever they need.
    Operations that suffice: matmul, add, tanh, subtract, transpose, outer, square, multiply. A step that renames e is
    ``("b_bar", "multiply", 1, "e")``. Source: Goodfellow et al. 2016, §6.5.5, on gradients as further nodes.
    """
    raise NotImplementedError("graphs.network_gradients_graph: not written yet")


def mended_pair_bars(bar: float, x: Array, pairs: NDArray[np.integer[Any]]) -> Array:
    """Compute the gradient of L = Σ x[i]·x[j], the sum over all rows (i, j) of pairs: x_bar = bar · ∂L/∂x.

    x (N,); pairs (P, 2), P ≥ 1, integers from 0 to N − 1, of which some come in several rows or twice in one; bar a number;
    x_bar (N,). The body that you are given has one fault: find it and mend it. Any other code with the right values is right too.
    """
    x_bar = np.zeros_like(x)
    for i, j in pairs:
        x_bar[i] = bar * x[j]
        x_bar[j] = bar * x[i]
    return x_bar


def accumulation_checker(backward: Backward) -> bool:
    """Tell whether a backpropagation is right: write a test that a wrong one fails and that no right one does.

    backward(steps, inputs) takes a list of steps ``(name, operation, *arguments)``, each after those that it uses and the
    last one the output, with the operations add, subtract and multiply on names and numbers; and the inputs by name,
    floats. It returns a dict: the bar ∂(output)/∂node of every step and of every entry of inputs, also of those that the
    output does not depend on, which is 0. A right one is right to rounding, a wrong one is off by more than 1e-6 on some
    small graph of numbers from 0.1 to 10 in size, or lacks a name. None changes its arguments, keeps anything between
    calls, or raises an error. Returns True if backward is right, else False; an error that your test raises counts as
    False. Call it on graphs of your own, of at most 20 steps, and hold its bars against ones that you trust: worked out
    by hand, from your ``backpropagate``, or from differences. Which shapes of a graph does a faulty accumulation need to show?
    """
    raise NotImplementedError("graphs.accumulation_checker: not written yet")


def question_same_function() -> list[str]:
    """Choose all graphs that compute (a + b)(b + 1).

    (a) p = a·b, q = b², r = p + q, s = a + b, f = r + s   (b) s = a + b, t = s + 1, f = s·t
    (c) s = a + b, t = s·b, f = t + s   (d) t = b + 1, p = a·t, f = p + b
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    raise NotImplementedError("graphs.question_same_function: not written yet")


def question_orders() -> list[str]:
    """Choose all topological orders of the steps p = x·y, q = sin p, r = p + x, s = q·r, t = r + 1.

    (a) p, r, t, q, s   (b) p, q, s, r, t   (c) q, p, r, s, t   (d) p, q, r, t, s   (e) p, t, r, q, s
    Return the list of their letters in alphabetical order, such as ["b", "c"].
    """
    raise NotImplementedError("graphs.question_orders: not written yet")


def question_flow() -> dict[str, str]:
    """Match each place in a graph with what happens to the bars there in the backward pass.

    (a) a step that adds two nodes   (b) a step that multiplies two nodes
    (c) a step that takes the maximum of two nodes   (d) a node that several steps use
    (1) the bars that arrive are added up   (2) the bar goes to one argument whole, and 0 to the other
    (3) both arguments get the same bar   (4) each argument gets the bar times the other argument's value
    Return a dict from letters to digits, such as {"a": "1", "b": "2", "c": "3", "d": "4"}.
    """
    raise NotImplementedError("graphs.question_flow: not written yet")


def question_paths() -> int:
    """Count the paths from x0 to x30 in the graph of thirty steps x1 = x0 + x0, x2 = x1 + x1, ..., x30 = x29 + x29.

    A step that uses one name twice has two edges from it, and they are different paths. Return the number.
    """
    raise NotImplementedError("graphs.question_paths: not written yet")


def question_when_to_hand_on() -> str:
    """Choose why a step hands on its bar only after all steps that use it have handed on theirs. Return one letter.

    Each step hands on its bar once, to its arguments.
    (a) Before that its value is not known, and the local derivatives need values.
    (b) Its local derivatives depend on its bar.
    (c) Before that its bar lacks what comes over some of its edges, and would never hand that on.
    (d) A bar that is handed on in two parts counts twice.
    """
    raise NotImplementedError("graphs.question_when_to_hand_on: not written yet")


def question_bar_by_hand() -> float:
    """Compute the bar of x by hand at x = 3, y = 2: s = x·y, t = s + x, f = s·t. Return the number.

    The values are s = 6, t = 9 and f = 54, and the bar of f is 1.
    """
    raise NotImplementedError("graphs.question_bar_by_hand: not written yet")
