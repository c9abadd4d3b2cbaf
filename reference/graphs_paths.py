"""Unit 02, gradients on graphs: what single operations do to a bar, sums over paths, and backpropagation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.graphs_order import evaluate

Array = NDArray[np.float64]
Step = tuple[Any, ...]
Backward = Callable[[list[Step], dict[str, float]], dict[str, Any]]


def add_gate(bar: Array, a: Array, b: Array) -> tuple[Array, Array]:  # noqa: ARG001 - all gates are called alike
    """Hand the bar of s = a + b on to its arguments: return (a_bar, b_bar), elementwise.

    bar = ∂L/∂s, a, b, a_bar = ∂L/∂a and b_bar = ∂L/∂b all of one shape, any. Both may be the array bar itself.
    """
    return bar.copy(), bar.copy()


def multiply_gate(bar: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """Hand the bar of p = a·b on to its arguments: return (a_bar, b_bar), elementwise.

    bar = ∂L/∂p, a, b, a_bar = ∂L/∂a and b_bar = ∂L/∂b all of one shape, any.
    """
    return bar * b, bar * a


def max_gate(bar: Array, a: Array, b: Array) -> tuple[Array, Array]:
    """Hand the bar of m = max(a, b) on to its arguments: return (a_bar, b_bar), elementwise.

    bar = ∂L/∂m, a, b, a_bar = ∂L/∂a and b_bar = ∂L/∂b all of one shape, any. Where a = b, the bar may be split between
    the two in any parts from 0 to 1 that add up to 1, the same whenever the same is asked.
    """
    first = a > b
    return np.where(first, bar, 0.0), np.where(first, 0.0, bar)


def quotient_by_paths(x: float) -> tuple[float, float, float]:
    """Differentiate y = x/z, where z = x², by paths: x reaches y directly, and through z.

    x: a number other than 0. Returns (direct, through, total): the product of the slopes along the direct path, on which
    z is held fixed; the product along the path through z; and dy/dx, which both make together.
    """
    z = x * x
    direct = 1 / z
    through = -x / z**2 * (2 * x)
    return direct, through, direct + through


def reciprocal_by_chain() -> str:
    """Write dy/dx for y = 1/z, z = x², as the chain rule gives it: a formula in x and z, z being left as it is.

    Return text such as "3*x + z^2", in the names x and z, numbers, + - * / ^ (or **) and parentheses. It is compared at values of
    x and z that need not satisfy z = x².
    """
    return "-2*x/z^2"


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
    ### BEGIN SOLUTION
    slopes: dict[str, Any] = {
        "add": lambda *_: (1.0, 1.0),
        "subtract": lambda *_: (1.0, -1.0),
        "multiply": lambda a, b: (b, a),
        "divide": lambda a, b: (1 / b, -a / b**2),
        "maximum": lambda a, b: (1.0, 0.0) if a > b else (0.0, 1.0),
        "negative": lambda *_: (-1.0,),
        "exp": lambda a: (np.exp(a),),
        "log": lambda a: (1 / a,),
        "tanh": lambda a: (1 - np.tanh(a) ** 2,),
    }
    values = evaluate(steps, inputs)
    bars: dict[str, Any] = {name: np.zeros_like(value) for name, value in values.items()}
    output = steps[-1][0]
    bars[output] = np.ones_like(values[output])
    for name, operation, *arguments in reversed(steps):  # whoever uses a node has added to its bar before it is read
        numbers = [values[a] if isinstance(a, str) else a for a in arguments]
        for argument, slope in zip(arguments, slopes[operation](*numbers), strict=True):
            if isinstance(argument, str):
                bars[argument] = bars[argument] + slope * bars[name]
    ### END SOLUTION
    return bars


def prediction_without_order() -> int:
    """Predict what the recursion below leaves in bar["a"] for b = a + a, c = b + b, begun with bar["c"] = 1.

    ``def visit(name):`` for each argument of the step ``name``, add bar[name] to the argument's bar;
    then, again for each argument of the step, ``visit(argument)``. b + b has two arguments, and both
    are b. Inputs have no arguments. All bars but c's begin at 0, and no bar is ever set back. Return
    the number.
    """
    return 8


def prediction_second_backward() -> int:
    """Predict a bar after a second backward pass for b = a + a, c = b + b.

    Every node keeps its bar, and all begin at 0. A backward pass sets the bar of c to 1, then takes the
    steps c and b in this order and adds the bar of each to the bars of its two arguments. It is run
    twice, and nothing is set back to 0 in between. What is the bar of a, which libraries call its
    .grad, after the second run? Return the number.
    """
    return 12


def network_gradients_graph() -> list[Step]:
    """Write the backward pass of a network of two layers as a graph: the four gradients of its loss are nodes as well.

    The network: h = tanh(Xy + c), z = Wh + b, L = ½‖z − z*‖². Inputs: y (D,), X (H, D), c (H,), W (M, H), b (M,), and
    z* (M,), which is called "z_star". Returns a list of steps ``(name, operation, *arguments)`` in which are defined
    W_bar = ∂L/∂W (M, H), b_bar = ∂L/∂b (M,), X_bar = ∂L/∂X (H, D) and c_bar = ∂L/∂c (H,), and whatever they need.
    Operations that suffice: matmul, add, tanh, subtract, transpose, outer, square, multiply. A step that renames e is
    ``("b_bar", "multiply", 1, "e")``. Source: Goodfellow et al. 2016, §6.5.5, on gradients as further nodes.
    """
    return [
        ("p", "matmul", "X", "y"),
        ("q", "add", "p", "c"),
        ("h", "tanh", "q"),
        ("r", "matmul", "W", "h"),
        ("z", "add", "r", "b"),
        ("b_bar", "subtract", "z", "z_star"),
        ("W_bar", "outer", "b_bar", "h"),
        ("WT", "transpose", "W"),
        ("h_bar", "matmul", "WT", "b_bar"),
        ("h2", "square", "h"),
        ("slope", "subtract", 1, "h2"),
        ("c_bar", "multiply", "h_bar", "slope"),
        ("X_bar", "outer", "c_bar", "y"),
    ]


def mended_pair_bars(bar: float, x: Array, pairs: NDArray[np.integer[Any]]) -> Array:
    """Compute the gradient of L = Σ x[i]·x[j], the sum over all rows (i, j) of pairs: x_bar = bar · ∂L/∂x.

    x (N,); pairs (P, 2), P ≥ 1, integers from 0 to N − 1, of which some come in several rows or twice in one; bar a number;
    x_bar (N,). The body that you are given has one fault: find it and mend it. Any other code with the right values is right too.
    """
    x_bar = np.zeros_like(x)
    for i, j in pairs:
        x_bar[i] += bar * x[j]
        x_bar[j] += bar * x[i]
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
    graphs: list[tuple[list[Step], dict[str, float]]] = [
        # A fan-out with paths of different lengths, a node used twice by one step, and a dead end.
        (
            [
                ("p", "multiply", "x", "y"),
                ("q", "add", "p", "p"),
                ("unused", "multiply", "p", "x"),
                ("r", "multiply", "q", "x"),
                ("s", "subtract", "r", "p"),
                ("t", "multiply", "s", "s"),
            ],
            {"x": 1.5, "y": -0.7, "idle": 2.0},
        ),
        # Numbers on either side of an operation.
        ([("p", "subtract", 3, "x"), ("q", "multiply", "p", 2), ("r", "subtract", "q", "x")], {"x": 0.4}),
        # Fan-outs one after the other, and a node that is used twice with two slopes.
        (
            [("b", "add", "a", "a"), ("c", "add", "b", "b"), ("d", "subtract", "c", "c"), ("e", "add", "d", "a")],
            {"a": 0.3},
        ),
    ]
    for steps, inputs in graphs:
        bars, right = backward(steps, inputs), backpropagate(steps, inputs)
        if any(name not in bars or abs(bars[name] - right[name]) > 1e-6 for name in right):
            return False
    return True
