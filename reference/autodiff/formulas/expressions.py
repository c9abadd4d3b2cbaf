"""Formulas of functions and of their derivatives: trees built by Python's operators and numpy's functions.

A formula is the value of a Python function that is run on symbols. Its derivative comes from the same table of local derivatives
that ``scalar`` uses on numbers: there they are evaluated as they come, here they are written out. Equal expressions are one object
(hash-consing, Ershov 1958): one that occurs twice is stored, differentiated and evaluated once, and they are compared by ``is``.
All that works on them goes over the distinct nodes in a loop, so that they may be as deep and share as much as they like.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from fractions import Fraction
from keyword import iskeyword
from numbers import Rational, Real
from typing import Any, ClassVar
from weakref import WeakValueDictionary

import numpy as np

from reference.autodiff.operators import OPERATIONS, Scalar, exact, local
from reference.autodiff.scalar import topological

__all__ = ["Expression", "Number", "constant", "diff", "evaluate", "formula", "nodes", "number", "symbols"]

Number = int | float | Fraction
EXACT = 2**53
"""The bound of exact integers: those below it are floats without rounding."""

INFIX = {
    "less": (" < ", 1), "less_equal": (" ≤ ", 1), "greater": (" > ", 1), "greater_equal": (" ≥ ", 1),
    "equal": (" = ", 1), "not_equal": (" ≠ ", 1),
    "add": (" + ", 2), "subtract": (" - ", 2), "multiply": ("·", 3), "divide": ("/", 3), "power": ("^", 4),
}  # fmt: skip
"""Operators, each with its sign and the rank by which it binds: higher binds more tightly."""
PRODUCT, POWER, ATOM = 3, 4, 5
SHORT = {"maximum": "max", "minimum": "min", "absolute": "abs"}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LONGEST = 2000
"""The largest number of nodes that ``repr`` writes out: of a larger expression it counts them."""


class Expression(Scalar):
    """A constant, a symbol, or an operation by its numpy name on expressions ``args``.

    ``value`` is a constant's number or a symbol's name, ``size`` the number of nodes of the tree. It is not to be changed:
    writing the same expression again gives this object.
    """

    __slots__ = ("__weakref__", "args", "name", "size", "value")
    known: ClassVar[WeakValueDictionary[Any, Expression]] = WeakValueDictionary()

    def __new__(cls, name: str, args: tuple[Expression, ...] = (), value: Any = None) -> Expression:
        """Return the one expression with this operation and arguments."""
        # A float's repr tells 0.5 from nan, and an expression is known by its arguments' identity as long as it holds them.
        return cls.known.setdefault((name, repr(value), *map(id, args)), super().__new__(cls))

    def __init__(self, name: str, args: tuple[Expression, ...] = (), value: Any = None) -> None:
        self.name, self.args, self.value = name, args, value
        self.size: int = 1 + sum(a.size for a in args)

    @classmethod
    def apply(cls, name: str, *args: Any) -> Any:
        """Write down an operation, a comparison or ``np.where``."""
        if not all(isinstance(a, (Expression, Real, np.bool_)) for a in args):
            return NotImplemented
        return Expression(name, tuple(a if isinstance(a, Expression) else constant(a) for a in args))

    def __bool__(self) -> bool:
        raise TypeError(
            f"a Python branch, and, or, not cannot decide {self!r}: a formula holds for all values of its symbols; "
            "write a choice as np.where(condition, a, b), np.maximum or np.minimum"
        )

    def __repr__(self) -> str:
        if self.size > LONGEST:
            return f"<expression of {self.size} nodes, {len(nodes(self))} of them distinct: print it with str()>"
        return str(self)

    def __str__(self) -> str:
        """Write the formula with no more brackets than needed."""
        text: list[str] = []
        stack: list[Any] = [(self, 0)]
        while stack:
            item = stack.pop()
            if isinstance(item, str):
                text.append(item)
            else:
                node, least = item
                pieces, tight = _pieces(node)
                stack.extend(reversed(pieces if tight >= least else ["(", *pieces, ")"]))
        return "".join(text)


def _pieces(node: Expression) -> tuple[list[Any], int]:
    """Split a node into text and arguments, each with the least rank that needs no brackets; return them with its own rank."""
    name, args = node.name, node.args
    if not args:
        text = str(node.value)
        return [text], PRODUCT if text.startswith("-") or "/" in text else ATOM
    if name == "negative":
        return ["-", (args[0], ATOM if _signed(args[0]) else PRODUCT)], PRODUCT
    if name == "power" and isinstance(n := args[1].value, int) and abs(n) < 100:
        return [(args[0], ATOM), str(n).translate(RAISED)], POWER
    if name in INFIX:
        sign, tight = INFIX[name]
        left = ATOM if name == "power" else tight
        # a - (b + c) and a/(b·c) need their brackets; in a + (b - c) and a·(b/c) they change nothing.
        right = tight if name in ("add", "multiply") else tight + 1
        return [(args[0], left), sign, (args[1], ATOM if tight > 1 and _signed(args[1]) else right)], tight
    separated = [piece for a in args for piece in (", ", (a, 0))][1:]
    return [f"{SHORT.get(name, name)}(", *separated, ")"], ATOM


def _signed(node: Expression) -> bool:
    """Test for a text that begins with a minus."""
    while node.name in ("add", "subtract", "multiply", "divide"):
        node = node.args[0]
    return node.name == "negative" or (node.name == "constant" and node.value < 0)


# ----------------------------------------------------------------------------- building and reading
def number(x: Any) -> Number:
    """Normalise a number for a constant: integers and fractions are exact up to 2⁵³, a float that is an integer counts as one."""
    value: Any = Fraction(int(x.numerator), int(x.denominator)) if isinstance(x, Rational) else np.float64(x)
    if isinstance(value, Fraction) and max(abs(value.numerator), value.denominator) >= EXACT:
        value = np.float64(value)
    return int(value) if abs(value) < EXACT and value == int(value) else value


def constant(x: Any) -> Expression:
    """Make a number an expression."""
    return Expression("constant", (), number(x))


def symbols(names: str) -> tuple[Expression, ...]:
    """Make symbols of names that blanks or commas separate: "x y" for two of them, "x" for a tuple of one.

    Raises:
        ValueError: a name is no Python identifier, or a keyword, or no name is given.

    """
    found = names.replace(",", " ").split() or [names]
    for name in found:
        if not name.isidentifier() or iskeyword(name):
            raise ValueError(f'{name!r} cannot be the name of a symbol; for x and y write symbols("x y")')
    return tuple(Expression("symbol", (), name) for name in found)


def nodes(expression: Expression) -> list[Expression]:
    """List the distinct subexpressions, each after its arguments."""
    return topological(expression, lambda node: node.args)


def formula(f: Callable[..., Any], *names: str) -> str:
    """Write the Python function ``f`` as a formula; its symbols bear the names of its arguments unless ``names`` are given.

    Raises:
        TypeError: ``f`` branches on a symbol, or uses a function that is no operation on scalars.

    """
    y = f(*(symbols(name)[0] for name in names or inspect.signature(f).parameters))
    if not isinstance(y, (Expression, Real)):
        raise TypeError(f"a formula is that of one number, this function returns {type(y).__name__}")
    return str(y if isinstance(y, Expression) else constant(y))


def evaluate(expression: Expression, /, **values: Any) -> Any:
    """Evaluate an expression for these values of its symbols: to a number, or for arrays to an array, by numpy's broadcasting.

    Undefined values are nan or infinite, without a warning. The values of symbols may be anything on which numpy's functions work,
    also the scalars of ``scalar`` and traced values of the engine. Values of other symbols are ignored.

    Raises:
        ValueError: a symbol has no value.

    """
    found: dict[Expression, Any] = {}
    with np.errstate(all="ignore"):
        for node in nodes(expression):
            if node.name == "symbol" and node.value not in values:
                raise ValueError(f"{node.value} has no value: evaluate(expression, {node.value}=...)")
            if node.args:
                found[node] = getattr(np, node.name)(*(found[a] for a in node.args))
            else:
                found[node] = exact(values[node.value] if node.name == "symbol" else node.value)
    result = found[expression]
    return result.item() if isinstance(result, (np.generic, np.ndarray)) and result.ndim == 0 else result


def diff(expression: Expression, x: Expression) -> Expression:
    """Differentiate an expression with respect to the symbol ``x``, by the chain rule; the derivative is not simplified.

    Each piece of a choice is differentiated on its own, which is right inside of the pieces and says nothing about where they
    meet: |x| by pieces gets a slope at 0, and ``np.where(np.equal(x, 0), 0, x)``, which is x, gets the slope 0 there.

    Raises:
        TypeError: ``x`` is no symbol.

    """
    if not isinstance(x, Expression) or x.name != "symbol":
        raise TypeError(f'a derivative is with respect to a symbol, as in (x,) = symbols("x"); this is {x!r}')
    found, zero = {x: constant(1)}, constant(0)
    for node in nodes(expression):
        if node.name == "where" and (node.args[1] in found or node.args[2] in found):
            condition, *pieces = node.args
            found[node] = Expression("where", (condition, *(found.get(piece, zero) for piece in pieces)))
        elif node.name in OPERATIONS:
            # The ±1 of a sum or a difference is not written.
            parts = [
                found[a] if slope == 1 else -found[a] if slope == -1 else local(slope, node, node.args) * found[a]
                for a, slope in zip(node.args, OPERATIONS[node.name][1:], strict=True)
                if a in found and slope != 0
            ]
            if parts:
                found[node] = sum(parts[1:], parts[0])
    return found.get(expression, zero)
