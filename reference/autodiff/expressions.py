"""Expressions of scalars as trees: built by Python's operators and numpy's functions, printed as a person writes them.

Trees are immutable, and equal ones are one object (hash-consing, Ershov 1958): what occurs twice is stored, differentiated and
evaluated once, and equal expressions are compared by ``is``. ``simplification`` and ``symbolic`` work on them; all go over the
distinct nodes in a loop, so that expressions may be as deep and share as much as they like.
"""

from __future__ import annotations

import math
from fractions import Fraction
from keyword import iskeyword
from numbers import Integral, Rational, Real
from typing import Any, ClassVar
from weakref import WeakValueDictionary
from zlib import crc32

import numpy as np

from reference.autodiff.scalar import COMPARISONS, Scalar, topological

__all__ = ["ONE", "ZERO", "Expression", "constant", "nodes", "shared", "size", "symbols"]

EXACT = 2**53
"""Integers below it are floats without rounding."""
PRECEDENCE = {
    **dict.fromkeys(COMPARISONS, 1),
    "add": 2,
    "subtract": 2,
    "negative": 3,
    "multiply": 3,
    "divide": 3,
    "power": 4,
}
"""How tightly operators bind."""
ATOM = 5
SIGNS = {
    "add": " + ", "subtract": " - ", "multiply": "·", "divide": "/", "power": "^",
    "less": " < ", "less_equal": " ≤ ", "greater": " > ", "greater_equal": " ≥ ", "equal": " = ", "not_equal": " ≠ ",
}  # fmt: skip
SHORT = {"maximum": "max", "minimum": "min", "absolute": "abs"}
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LONGEST = 2000
"""The ``repr`` of expressions with more nodes only counts them."""


class Expression(Scalar):
    """A constant, a symbol, or an operation by its numpy name on expressions ``args``.

    ``size`` is the number of nodes of the tree, ``depth`` that of its levels. ``closed``: there is no symbol in it.
    ``unsettled``: somewhere in it an operation has constants only, or divides by 0, or a constant is not finite; once constants are
    folded, that is what has no value, such as 1/0. ``code`` is a checksum of the structure, the same in each run.
    """

    __slots__ = ("__weakref__", "args", "closed", "code", "depth", "name", "size", "unsettled", "value")
    known: ClassVar[WeakValueDictionary[Any, Expression]] = WeakValueDictionary()
    name: str
    args: tuple[Expression, ...]
    value: Any
    size: int
    depth: int
    closed: bool
    unsettled: bool
    code: int

    def __new__(cls, name: str, args: tuple[Expression, ...] = (), value: Any = None) -> Expression:
        """The one expression with this operation and arguments; ``value`` is a constant's number or a symbol's name."""
        # A float's repr tells 0.5 from nan, and an expression is known by its arguments' identity as long as it holds them.
        key = (name, repr(value), *map(id, args))
        self = cls.known.get(key)
        if self is None:
            self = object.__new__(cls)
            closed = name != "symbol" and all(a.closed for a in args)
            for attribute, what in (
                ("name", name),
                ("args", args),
                ("value", value),
                ("size", 1 + sum(a.size for a in args)),
                ("depth", 1 + max((a.depth for a in args), default=0)),
                ("closed", closed),
                ("unsettled", _unsettled(name, args, value, closed)),
                ("code", crc32(f"{name} {value} {[a.code for a in args]}".encode())),
            ):
                object.__setattr__(self, attribute, what)
            cls.known[key] = self
        return self

    def __setattr__(self, attribute: str, what: Any) -> None:
        raise AttributeError("an expression is immutable: build another one")

    def __reduce__(self) -> Any:
        return Expression, (self.name, self.args, self.value)

    @classmethod
    def apply(cls, name: str, *args: Any) -> Any:
        """An operation or a comparison, written down as it comes."""
        if not all(isinstance(a, (Expression, Real, np.bool_)) for a in args):
            return NotImplemented
        return Expression(name, tuple(a if isinstance(a, Expression) else constant(a) for a in args))

    @classmethod
    def choose(cls, condition: Any, a: Any, b: Any) -> Any:
        """``np.where``: piecewise."""
        return cls.apply("where", condition, a, b)

    def __bool__(self) -> bool:
        raise TypeError(
            f"a Python branch, and, or, not cannot decide {self!r}: a formula holds for all values of its symbols; "
            "write a choice as np.where(condition, a, b), np.maximum or np.minimum"
        )

    def __str__(self) -> str:
        return _text(self)

    def __repr__(self) -> str:
        if self.size <= LONGEST:
            return _text(self)
        return f"<expression of {self.size} nodes, {shared(self)} of them distinct: print it with str()>"


def _unsettled(name: str, args: tuple[Expression, ...], value: Any, closed: bool) -> bool:
    if not args:
        return name == "constant" and not math.isfinite(value)
    return closed or any(a.unsettled for a in args) or (name == "divide" and args[1].value == 0)


# ---------------------------------------------------------------------------------------- building
def constant(x: Any) -> Expression:
    """A number as an expression: integers and fractions are exact up to 2⁵³, a float that is an integer counts as one."""
    value: Any = Fraction(x) if isinstance(x, Rational) and not isinstance(x, Integral) else x
    if isinstance(value, Fraction) and max(abs(value.numerator), value.denominator) < EXACT:
        value = value if value.denominator > 1 else value.numerator
    elif isinstance(value, (Integral, np.bool_)) and abs(int(value)) < EXACT:
        value = int(value)
    else:
        value = float(value)
        value = int(value) if abs(value) < EXACT and value.is_integer() else value
    return Expression("constant", (), value)


ZERO, ONE = constant(0), constant(1)


def symbols(names: str) -> tuple[Expression, ...]:
    """The symbols of these names, which blanks or commas separate: "x y" for two of them, "x" for a tuple of one.

    Raises:
        ValueError: a name is none that a Python argument may have.

    """
    found = names.replace(",", " ").split()
    for name in found:
        if not name.isidentifier() or iskeyword(name):
            raise ValueError(f"{name!r} cannot be the name of a symbol: use letters, digits and underscores, as in x1")
    if not found:
        raise ValueError('symbols("") names no symbol: write, for example, symbols("x y")')
    return tuple(Expression("symbol", (), name) for name in found)


# ----------------------------------------------------------------------------------------- reading
def nodes(expression: Expression) -> list[Expression]:
    """The distinct subexpressions, each after its arguments."""
    return topological(expression, lambda node: node.args)


def size(expression: Expression) -> int:
    """How many nodes the tree has, which is how long the formula is when it is written out."""
    return expression.size


def shared(expression: Expression) -> int:
    """How many nodes the graph has, in which equal subexpressions are one node."""
    return len(nodes(expression))


# ---------------------------------------------------------------------------------------- printing
def _text(expression: Expression) -> str:
    """The formula with no more brackets than needed."""
    text: list[str] = []
    stack: list[Any] = [(expression, 0)]
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
    """Text and arguments of a node in order, arguments with how tightly they must bind; and how tightly it binds itself."""
    name, args = node.name, node.args
    if not args:
        text = str(node.value)
        tight = PRECEDENCE["negative"] if text.startswith("-") else PRECEDENCE["divide"] if "/" in text else ATOM
        return [text], tight
    tight = PRECEDENCE.get(name, ATOM)
    if name == "negative":
        return ["-", (args[0], ATOM if _signed(args[0]) else tight)], tight
    if name == "power":
        n = args[1].value
        if args[1].name == "constant" and isinstance(n, int) and abs(n) < 100:
            return [(args[0], ATOM), str(n).translate(RAISED)], tight
        return [(args[0], ATOM), "^", (args[1], ATOM)], tight
    if name in SIGNS:
        # a - (b + c) and a/(b·c) need their brackets; in a + (b - c) and a·(b/c) they change nothing.
        right = tight if name in ("add", "multiply") else tight + 1
        right = ATOM if name not in COMPARISONS and _signed(args[1]) else right
        return [(args[0], tight), SIGNS[name], (args[1], right)], tight
    separated = [piece for a in args for piece in (", ", (a, 0))][1:]
    return [f"{SHORT.get(name, name)}(", *separated, ")"], ATOM


def _signed(node: Expression) -> bool:
    """Whether its text begins with a minus."""
    while node.name in ("add", "subtract", "multiply", "divide"):
        node = node.args[0]
    return node.name == "negative" or (node.name == "constant" and node.value < 0)
