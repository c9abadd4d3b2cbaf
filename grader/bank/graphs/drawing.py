"""Random graphs to draw cases from: lists of steps on floats, with the values of their inputs."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from grader.judging import Input, Malformed, Recipe, drawn

__all__ = ["SIMPLE", "SLOPES", "VALUES", "Graph", "graph_of", "in_turn", "inputs", "number_of", "shuffled", "valid"]

Graph = tuple[list[tuple[Any, ...]], dict[str, float]]
UNARY, BINARY = ("negative", "exp", "log", "tanh"), ("add", "subtract", "multiply", "divide", "maximum")
SIMPLE = ("add", "subtract", "multiply")
FEW = {2: ("exp", "multiply", "negative"), 3: ("add", "subtract", "maximum")}
"""The operations, by the seed, of two graphs of the battery with few: each comes often, and maxima go to either side."""

VALUES: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "maximum": np.maximum,
    "negative": lambda a: -a,
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
}
SLOPES: dict[str, Callable[..., tuple[Any, ...]]] = {
    "add": lambda a, b, v: (1.0, 1.0),
    "subtract": lambda a, b, v: (1.0, -1.0),
    "multiply": lambda a, b, v: (b, a),
    "divide": lambda a, b, v: (1 / b, -a / b**2),
    "maximum": lambda a, b, v: (1.0, 0.0) if a > b else (0.0, 1.0),
    "negative": lambda a, v: (-1.0,),
    "exp": lambda a, v: (v,),
    "log": lambda a, v: (1 / a,),
    "tanh": lambda a, v: (1 - v**2,),
}
"""The slopes of an operation in its arguments, from these and the operation's value."""


def graph_of(recipe: Recipe) -> Graph:
    """Return the graph of a recipe in a valid order, and the values of its inputs; no list or dict is shared between calls."""
    steps, values = _made(recipe)
    return list(steps), dict(values)


@lru_cache(maxsize=512)
def _made(recipe: Recipe) -> Graph:
    rng = np.random.default_rng((recipe.seed, *recipe.sizes, sum(recipe.style.encode())))
    if recipe.style == "integers":
        return _random(rng, 2 + recipe.sizes[0] % 4, SIMPLE, whole=True)
    count = 40 + recipe.sizes[0] if recipe.style == "large" else 2 + 2 * recipe.sizes[0]
    if recipe.style == "odd" and recipe.seed in FEW:
        return _random(rng, count, FEW[recipe.seed])
    return _random(rng, 1 if _is_single(recipe) else count, (*UNARY, *BINARY))


def _is_single(recipe: Recipe) -> bool:
    return recipe.style == "odd" and recipe.seed == 1


def _random(rng: np.random.Generator, count: int, operations: tuple[str, ...], whole: bool = False) -> Graph:
    """Make a graph with values of moderate size: fan-outs, a step with one node twice, numbers as arguments, dead ends.

    The last step depends on what was made before it; one input in three graphs is used by no step. Some steps use numbers
    alone, and one node may be 0: nothing but a name or a number tells what an argument is.
    """
    given = {f"x{k}": _input(rng, whole) for k in range(1, 2 + int(rng.integers(1, 3)))}
    if rng.integers(4) == 0:
        given["x2"] = 0.0
    values: dict[str, Any] = dict(given)
    names = [f"v{k}" for k in rng.permutation(count)]
    steps: list[tuple[Any, ...]] = []
    recent = "x1"
    for number, name in enumerate(names):
        inner = 0 < number < count - 1
        for _ in range(60):
            operation, arguments = _step(rng, operations, list(values), recent)
            if inner and rng.integers(12) == 0:
                arguments = (_number(rng), _float(rng))[
                    -len(arguments) :
                ]  # a float, since an int carries no rounding bound
            value = _moderate(operation, [values.get(a, a) for a in arguments])
            if value is not None and (value or (inner and all(values.values()))):
                break
        else:
            operation, arguments = "subtract", (recent, values[recent] / 2)
            value = values[recent] / 2
        steps.append((name, operation, *arguments))
        values[name] = value
        if value and any(isinstance(a, str) for a in arguments):  # else nothing would flow back through it
            recent = name
    if rng.integers(3) == 0:
        given["idle"] = _input(rng, whole)
    return steps, given


def _input(rng: np.random.Generator, whole: bool) -> float:
    if whole:
        return float(rng.integers(2, 4) * rng.choice((-1, 1)))
    return round(float(rng.uniform(0.5, 2.0) * rng.choice((-1.0, 1.0))), 3)


def _step(
    rng: np.random.Generator, operations: tuple[str, ...], nodes: list[str], recent: str
) -> tuple[str, tuple[Any, ...]]:
    """Draw an operation with its arguments: a recent node twice in one step, a number on either side, or any two nodes."""
    operation = operations[int(rng.integers(len(operations)))]
    first = recent if rng.integers(2) else nodes[int(rng.integers(len(nodes)))]
    if operation in UNARY:
        return operation, (first,)
    kind = rng.integers(10)
    if kind < 2:
        return operation, (first, first)
    other = _number(rng) if kind < 4 else nodes[int(rng.integers(len(nodes)))]
    return operation, (first, other) if rng.integers(2) else (other, first)


def _number(rng: np.random.Generator) -> float:
    """Draw a number among the arguments of a step: a float, or an int, which may be 0 or negative."""
    return _float(rng) if rng.integers(2) else int(rng.integers(-2, 5))


def _float(rng: np.random.Generator) -> float:
    return round(float(rng.uniform(0.5, 2.5)), 2)


def _moderate(operation: str, arguments: list[Any]) -> float | None:
    """Return the value of a step; None if it is too large or small (but not 0), hardly defined, or near a kink."""
    if operation == "maximum" and abs(arguments[0] - arguments[1]) < 0.05:
        return None
    if (operation == "log" and arguments[0] < 0.2) or (operation == "exp" and abs(arguments[0]) > 2.5):
        return None
    if operation == "tanh" and abs(arguments[0]) > 2:
        return None
    if operation == "divide" and abs(arguments[1]) < 0.2:
        return None
    value = float(VALUES[operation](*arguments))
    return value if value == 0 or 0.1 < abs(value) < 12 else None


# ------------------------------------------------------------------------------------------- inputs
def in_turn() -> Input:
    """Specify the steps of a graph in a valid order, the output last."""
    return drawn(lambda making: graph_of(making.recipe)[0])


def shuffled() -> Input:
    """Specify the steps of a graph in any order; in some there is a maximum at a tie, which has a value, but no slope."""

    def make(making: Any) -> list[tuple[Any, ...]]:
        steps = graph_of(making.recipe)[0]
        if making.recipe.seed % 3 == 0:
            steps.append(("top", "maximum", "x1", "x1"))
        return [steps[k] for k in making.rng.permutation(len(steps))]

    return drawn(make)


def inputs() -> Input:
    """Specify the values of a graph's inputs."""
    return drawn(lambda making: graph_of(making.recipe)[1])


# -------------------------------------------------------------------------------------- what came back
def number_of(value: Any, what: str) -> Any:
    """Return a number that came back, which may carry a rounding bound.

    Raises:
        Malformed: it is none; the message names it by ``what``.

    """
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    if plain or (getattr(value, "shape", None) == () and value.dtype.kind in "fiu"):
        return value
    raise Malformed(f"{what} must be a number")


def valid(steps: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the steps of a graph in a valid order, in which the mistakes of this unit begin."""
    of = {step[0]: step for step in steps}
    needs = {name: {a for a in arguments if isinstance(a, str) and a in of} for name, _, *arguments in steps}
    users: dict[str, list[str]] = {name: [] for name in of}
    for name, needed in needs.items():
        for argument in needed:
            users[argument].append(name)
    waits = {name: len(needed) for name, needed in needs.items()}
    order = [name for name, count in waits.items() if not count]
    for name in order:
        for user in users[name]:
            waits[user] -= 1
            if not waits[user]:
                order.append(user)
    return [of[name] for name in order]
