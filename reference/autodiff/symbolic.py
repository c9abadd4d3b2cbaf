"""A function as a formula, its derivative as a formula, and how formulas swell.

A formula is what a Python function gives when it is run on symbols. Its derivative comes from the same table of local derivatives
that ``scalar`` uses on numbers: there they are evaluated as they come, here they are written out. Since the product rule writes its
factors twice, formulas grow where programs do not (Baydin et al. 2018, *Automatic differentiation in machine learning*, §2.2).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from reference.autodiff.expressions import ONE, ZERO, Expression, constant, nodes, shared, size, symbols
from reference.autodiff.programs import program
from reference.autodiff.scalar import OPERATIONS, local
from reference.autodiff.simplification import simplify
from reference.autodiff.transforms import value_and_grad

__all__ = ["Swell", "diff", "evaluate", "formula", "shared", "simplify", "size", "swell", "symbols"]


def formula(f: Callable[..., Any], *names: str) -> str:
    """The Python function ``f`` as a formula, run once on symbols; they are called as its arguments unless ``names`` are given.

    Raises:
        TypeError: ``f`` branches on a symbol, or uses what is no operation on scalars.

    """
    called = names or tuple(inspect.signature(f).parameters)
    y = f(*(symbols(name)[0] for name in called))
    if not isinstance(y, (Expression, Real)):
        raise TypeError(f"a formula is that of one number, this function returns {type(y).__name__}")
    return str(y if isinstance(y, Expression) else constant(y))


def evaluate(expression: Expression, /, **values: Any) -> Any:
    """The number that an expression is for these values of its symbols; of arrays, the array, by numpy's broadcasting.

    What is undefined is nan or infinite, without a warning. Values may be anything on which numpy's functions work, so also the
    scalars of ``scalar`` and what the engine traces. Values of other symbols are ignored.

    Raises:
        ValueError: a symbol has no value.

    """
    found: dict[Expression, Any] = {}
    with np.errstate(all="ignore"):
        for node in nodes(expression):
            if node.name == "symbol":
                if node.value not in values:
                    raise ValueError(f"{node.value} has no value: evaluate(expression, {node.value}=...)")
                given = values[node.value]
                found[node] = np.float64(given) if isinstance(given, Real) else given
            elif node.name == "constant":
                found[node] = np.float64(node.value)
            else:
                f = OPERATIONS[node.name][0] if node.name in OPERATIONS else getattr(np, node.name)
                found[node] = f(*(found[a] for a in node.args))
    result = found[expression]
    return result.item() if isinstance(result, (np.generic, np.ndarray)) and result.ndim == 0 else result


# ---------------------------------------------------------------------------------- differentiating
def diff(expression: Expression, x: Expression) -> Expression:
    """The derivative of an expression with respect to the symbol ``x``, written out by the chain rule and not simplified.

    Each piece of a choice is differentiated on its own, which is right inside of the pieces and says nothing about where they
    meet: |x| by pieces gets a slope at 0, and ``np.where(np.equal(x, 0), 0, x)``, which is x, gets the slope 0 there.

    Raises:
        TypeError: ``x`` is no symbol.

    """
    if not isinstance(x, Expression) or x.name != "symbol":
        raise TypeError(f'a derivative is with respect to a symbol, as in (x,) = symbols("x"); this is {x!r}')
    found = {x: ONE}
    for node in nodes(expression):
        if node.name == "where" and (node.args[1] in found or node.args[2] in found):
            condition, *pieces = node.args
            found[node] = Expression("where", (condition, *(found.get(piece, ZERO) for piece in pieces)))
        elif node.name in OPERATIONS:
            parts = [
                _times(local(slope, node, node.args), found[a])
                for a, slope in zip(node.args, OPERATIONS[node.name][1:], strict=True)
                if a in found and slope != 0
            ]
            if parts:
                found[node] = sum(parts[1:], parts[0])
    return found.get(expression, ZERO)


def _times(slope: Any, inner: Expression) -> Any:
    """One summand of the chain rule; that of a sum or a difference is written without its ±1."""
    if isinstance(slope, Expression):
        return slope * inner
    return inner if slope == 1 else -inner if slope == -1 else slope * inner


# ------------------------------------------------------------------------------------------- swell
class Swell(NamedTuple):
    """How long a function's n-th iterate and its derivative are: nodes of formulas, lines of a program."""

    n: int
    formula: int
    derivative: int
    simplified: int
    graph: int
    program: int


def swell(f: Callable[[Any], Any], times: int, x: float = 0.3) -> list[Swell]:
    """What becomes of f(w), f(f(w)), ... up to ``times`` times, and of their derivatives.

    ``formula``, ``derivative`` and ``simplified`` count the nodes of the trees, which is how long the text is; ``graph`` the
    distinct nodes of the derivative as it was written out; ``program`` the lines that compute value and derivative in reverse mode,
    of a program that is written down at ``x``.
    """
    (w,) = symbols("w")
    rows, y = [], w
    for n in range(1, times + 1):
        y = f(y)
        slope = diff(y, w)
        lines = program(value_and_grad(lambda v, n=n: _iterated(f, n, v)), float(x)).needed()
        rows.append(Swell(n, size(y), size(slope), size(simplify(slope)), shared(slope), len(lines)))
    return rows


def _iterated(f: Callable[[Any], Any], n: int, x: Any) -> Any:
    for _ in range(n):
        x = f(x)
    return x
