"""The base of all scalars: operators and numpy's functions on single numbers, and the table of their local derivatives.

:class:`DualNumber` in ``scalar`` evaluates the table as it goes forward, ``formulas`` writes it out as formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from numbers import Real
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import numpy as np

__all__ = ["COMPARISONS", "OPERATIONS", "Scalar", "exact", "local"]


def _zero(x: Any) -> bool:
    """Test for a plain zero, on which no derivative depends."""
    return isinstance(x, Real) and x == 0


OPERATIONS: dict[str, tuple[Any, ...]] = {
    # By numpy's names: the value; then for each argument the local derivative, a number or (result, *arguments) -> number.
    "add": (np.add, 1.0, 1.0),
    "subtract": (np.subtract, 1.0, -1.0),
    "multiply": (np.multiply, lambda y, a, b: b, lambda y, a, b: a),
    "divide": (np.divide, lambda y, a, b: 1 / b, lambda y, a, b: -y / b),
    "power": (
        np.power,
        lambda y, a, b: 0.0 if _zero(b) else b * a ** (b - 1),
        lambda y, a, b: 0.0 if _zero(a) else y * np.log(a),
    ),
    "negative": (np.negative, -1.0),
    "exp": (np.exp, lambda y, x: y),
    "log": (np.log, lambda y, x: 1 / x),
    "sqrt": (np.sqrt, lambda y, x: 1 / (2 * y)),
    "sin": (np.sin, lambda y, x: np.cos(x)),
    "cos": (np.cos, lambda y, x: -np.sin(x)),
    "tanh": (np.tanh, lambda y, x: 1 - y**2),
    "absolute": (np.absolute, lambda y, x: np.sign(x)),
    "sign": (np.sign, 0.0),
    # The larger one gets all; of a tie each gets half, as in the engine.
    "maximum": (np.maximum, lambda y, a, b: (1 + np.sign(a - b)) / 2, lambda y, a, b: (1 + np.sign(b - a)) / 2),
    "minimum": (np.minimum, lambda y, a, b: (1 + np.sign(b - a)) / 2, lambda y, a, b: (1 + np.sign(a - b)) / 2),
}
"""The operations of all scalars. A line more, and dual numbers and formulas know it as ``np.<name>``."""

COMPARISONS = {"less": lt, "less_equal": le, "greater": gt, "greater_equal": ge, "equal": eq, "not_equal": ne}


def local(slope: Any, y: Any, args: Iterable[Any]) -> Any:
    """Evaluate a local derivative of the table, for the result ``y`` of an operation on ``args``."""
    return slope(y, *args) if callable(slope) else slope


def _binary(name: str) -> tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]:
    """Make an operator and its reflection, which Python calls when only the right operand is a scalar."""
    return lambda self, other: self.apply(name, self, other), lambda self, other: self.apply(name, other, self)


def _unary(name: str) -> Callable[[Any], Any]:
    return lambda self: self.apply(name, self)


class Scalar:
    """The base of all scalars: Python's operators and numpy's functions lead to ``apply(name, *args)``.

    Comparisons are those of numbers, so a Python branch goes the way the number goes. Nodes are hashed as themselves (as in
    torch): ``==`` compares numbers, a set holds nodes.
    """

    __slots__ = ()
    primal: Any

    __add__, __radd__ = _binary("add")
    __sub__, __rsub__ = _binary("subtract")
    __mul__, __rmul__ = _binary("multiply")
    __truediv__, __rtruediv__ = _binary("divide")
    __pow__, __rpow__ = _binary("power")
    __lt__, __le__ = _binary("less")[0], _binary("less_equal")[0]
    __gt__, __ge__ = _binary("greater")[0], _binary("greater_equal")[0]
    __eq__, __ne__ = _binary("equal")[0], _binary("not_equal")[0]
    __hash__ = object.__hash__
    __neg__, __abs__ = _unary("negative"), _unary("absolute")
    # numpy looks for methods of these names when it meets scalars in an array of objects.
    exp, log, sqrt, sin, cos, tanh = map(_unary, ("exp", "log", "sqrt", "sin", "cos", "tanh"))

    def __pos__(self) -> Any:
        return self

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __float__(self) -> float:
        raise TypeError(f"float() and math.* drop the derivative of a {type(self).__name__}: use np.sin and the like")

    def relu(self) -> Any:
        """Compute max(x, 0), with the slope 1/2 at 0."""
        return self.apply("maximum", self, 0.0)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method == "__call__" and any(isinstance(x, np.ndarray) and x.ndim for x in inputs):
            return ufunc(*(np.array(x, dtype=object) for x in inputs), **options)
        if method != "__call__" or options or ufunc.__name__ not in OPERATIONS.keys() | COMPARISONS.keys():
            raise TypeError(f"np.{ufunc.__name__} is not in the table of scalars, which has {', '.join(OPERATIONS)}")
        return self.apply(ufunc.__name__, *(x[()] if isinstance(x, np.ndarray) else x for x in inputs))

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        if function is np.where and len(args) == 3:
            return self.apply("where", *args)
        raise TypeError(f"np.{function.__name__} is for arrays, and a {type(self).__name__} is a scalar")

    @classmethod
    def apply(cls, name: str, *args: Any) -> Any:
        """Perform an operation, a comparison or ``np.where`` by its name."""
        if name == "where":
            return args[1] if args[0] else args[2]
        if name in COMPARISONS:
            return bool(COMPARISONS[name](*map(_number, args)))
        return cls.operate(name, *args)

    @classmethod
    def operate(cls, name: str, *args: Any) -> Any:
        """Perform an operation on arguments of which at least one is of this class."""
        raise NotImplementedError


def _number(x: Any) -> Any:
    """Return the plain number under a scalar."""
    while isinstance(x, Scalar):
        x = x.primal
    return x


def exact(x: Any) -> Any:
    """Turn a number into numpy's, for which 1/0 is infinite, with a warning; other scalars stay as they are."""
    return np.float64(x) if isinstance(x, Real) else x
