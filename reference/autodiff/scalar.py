"""Teaching versions: reverse mode and forward mode on single numbers, small enough to be read in one sitting.

One table says of each operation what its value and its local derivatives are. :class:`Value` uses it backward (a graph, swept from
the output), :class:`DualNumber` forward (a number that carries its derivative), and ``symbolic`` to write derivatives as formulas.
The engine in ``core`` does the same on arrays: its ``Dual`` and ``Taped`` are what these become when numbers are arrays.

Sources: Griewank & Walther 2008, *Evaluating Derivatives*, ch. 3; Clifford 1873 for dual numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from numbers import Real
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import numpy as np

__all__ = ["COMPARISONS", "OPERATIONS", "DualNumber", "Scalar", "Value", "derivative", "local", "topological"]


def _zero(x: Any) -> bool:
    """A plain zero, which no derivative depends on."""
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
"""What there is to differentiate. A line more, and all three kinds of scalars know it as ``np.<name>``."""

COMPARISONS = {"less": lt, "less_equal": le, "greater": gt, "greater_equal": ge, "equal": eq, "not_equal": ne}


def local(slope: Any, y: Any, args: Iterable[Any]) -> Any:
    """A local derivative of the table, for the result ``y`` of an operation on ``args``."""
    return slope(y, *args) if callable(slope) else slope


def topological(end: Any, parents: Callable[[Any], Iterable[Any]]) -> list[Any]:
    """The nodes that ``end`` rests on, each once and after its parents; without recursion, so graphs may be deep."""
    order: list[Any] = []
    seen: set[int] = set()
    stack = [(end, False)]
    while stack:
        node, finished = stack.pop()
        if finished:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((parent, False) for parent in parents(node))
    return order


def _binary(name: str) -> tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]:
    """An operator, and its reflection: what Python calls when only the right operand is ours."""
    return lambda self, other: self.apply(name, self, other), lambda self, other: self.apply(name, other, self)


def _unary(name: str) -> Callable[[Any], Any]:
    return lambda self: self.apply(name, self)


class Scalar:
    """What all scalars share: Python's operators and numpy's functions lead to ``apply(name, *args)``.

    Comparisons are those of numbers, so a Python branch goes the way the number goes. Nodes are hashed as themselves (as in
    torch): ``==`` compares numbers, a set holds nodes.
    """

    __slots__ = ()

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
        """max(x, 0), with the slope 1/2 at 0."""
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
        """An operation, a comparison or ``np.where`` by its name."""
        if name == "where":
            return args[1] if args[0] else args[2]
        if name in COMPARISONS:
            return bool(COMPARISONS[name](*map(_number, args)))
        return cls.operate(name, *args)

    @classmethod
    def operate(cls, name: str, *args: Any) -> Any:
        """An operation of the table, on arguments of which at least one is of this class."""
        raise NotImplementedError


def _number(x: Any) -> Any:
    """The plain number under a scalar."""
    while isinstance(x, (Value, DualNumber)):
        x = x.data if isinstance(x, Value) else x.real
    return x


def exact(x: Any) -> Any:
    """A number in numpy's arithmetic: 1/0 is infinite, with a warning. Other scalars stay what they are."""
    return np.float64(x) if isinstance(x, Real) else x


# ----------------------------------------------------------------------------------------- reverse
class Value(Scalar):
    """A number that remembers where it came from: a node of a computation graph, in the spirit of micrograd.

    ``data`` is the number, ``operation`` what made it of its ``parents``; beside each parent stands the local gradient,
    d(this)/d(parent). ``grad`` is d(output)/d(this), once the output's :meth:`backward` was called.
    """

    __slots__ = ("data", "grad", "local_gradients", "operation", "parents")

    def __init__(self, data: float) -> None:
        self.data, self.grad = float(data), 0.0
        self.operation = ""
        self.parents: tuple[Value, ...] = ()
        self.local_gradients: tuple[float, ...] = ()

    @classmethod
    def operate(cls, name: str, *args: Any) -> Any:
        """The node of an operation; its parents are the arguments that are Values, other arguments are constants."""
        if not all(isinstance(a, (Value, Real)) for a in args):
            return NotImplemented
        value, *slopes = OPERATIONS[name]
        numbers = [exact(_number(a)) for a in args]
        y = value(*numbers)
        node = cls(y)
        ours = [(a, float(local(s, y, numbers))) for a, s in zip(args, slopes, strict=True) if isinstance(a, Value)]
        node.operation, node.parents, node.local_gradients = name, *zip(*ours, strict=True)
        return node

    def backward(self) -> None:
        """Fill ``grad`` of every node that this one rests on with the derivative of this one.

        A node gets the sum over all paths that lead from it to the output. The sum begins at zero in each call: a second call gives
        the same gradients, and a call on another output the gradients of that output alone, wherever it reaches. (torch adds
        up over calls, in the leaves only; for the gradient of two outputs together call ``(a + b).backward()``.)
        """
        order = topological(self, lambda node: node.parents)
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in zip(node.parents, node.local_gradients, strict=True):
                parent.grad += slope * node.grad

    def __repr__(self) -> str:
        return f"Value({self.data:.6g}, grad={self.grad:.6g})"


# ----------------------------------------------------------------------------------------- forward
class DualNumber(Scalar):
    """real + dual·ε with ε² = 0: a number with its derivative in a direction, for which f(a + bε) = f(a) + f'(a)·b·ε.

    ``level`` tells the ε of one :func:`derivative` from that of another inside which it is taken: to the inner one the outer ones
    are constants (Siskind & Pearlmutter 2005 show what goes wrong otherwise). The parts may be scalars themselves: of a Value,
    the dual part is a Value, and its ``backward()`` gives second derivatives.
    """

    __slots__ = ("dual", "level", "real")

    def __init__(self, real: Any, dual: Any = 0.0, level: int = 0) -> None:
        self.real, self.dual, self.level = real, dual, level

    @classmethod
    def operate(cls, name: str, *args: Any) -> Any:
        """The value on the real parts, and by the chain rule the sum of each local derivative times its dual part."""
        value, *slopes = OPERATIONS[name]
        level = max(a.level for a in args if isinstance(a, DualNumber))
        ours = [isinstance(a, DualNumber) and a.level == level for a in args]
        reals = [exact(a.real if our else a) for a, our in zip(args, ours, strict=True)]
        y = value(*reals)
        parts = [local(s, y, reals) * a.dual for a, s, our in zip(args, slopes, ours, strict=True) if our]
        return cls(y, sum(parts[1:], parts[0]), level)

    def __repr__(self) -> str:
        return f"{self.real} + {self.dual}·ε"


LEVELS = count(1)


def derivative(f: Callable[[Any], Any], x: Any) -> Any:
    """What the slope of ``f`` is at ``x``, in forward mode: one run of ``f`` on x + ε, nested as often as you like."""
    level = next(LEVELS)
    y = f(DualNumber(x, 1.0, level))
    return y.dual if isinstance(y, DualNumber) and y.level == level else 0.0
