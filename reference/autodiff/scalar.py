"""Reverse mode on single numbers: the whole idea of backpropagation on one page, in the spirit of micrograd.

Each operation computes its value and, beside it, its local gradient in each operand. The result remembers both, and so a graph
grows as the numbers are computed. :meth:`Value.backward` walks it from the output back to the inputs: a node hands to each of its
parents its own gradient times the local gradient, and a parent adds up all that it gets.

>>> x, y = Value(2.0), Value(8.0)
>>> z = x * y + np.sin(x)
>>> z.backward()
>>> round(x.grad, 6), y.grad  # y + cos(x), and x
(7.583853, 2.0)

The engine in ``core`` does the same on arrays. Source: Griewank & Walther 2008, *Evaluating Derivatives*, ch. 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from numbers import Real
from typing import Any

import numpy as np

__all__ = ["Value", "topological"]


class Value:
    """A number that remembers where it came from: a node of a computation graph.

    ``data`` is the number, ``operation`` the name of what made it of its ``parents``; beside each parent stands the local gradient,
    d(this)/d(parent). ``grad`` is d(output)/d(this), once the output's :meth:`backward` was called.

    Comparisons are those of numbers, so that a Python branch goes the way the number goes; a set holds nodes, not numbers.
    """

    __slots__ = ("data", "grad", "local_gradients", "operation", "parents")

    def __init__(self, data: float) -> None:
        self.data, self.grad = float(data), 0.0
        self.operation = ""
        self.parents: tuple[Value, ...] = ()
        self.local_gradients: tuple[float, ...] = ()

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

    def _node(self, operation: str, rule: Callable[..., tuple[Any, ...]], *others: Any) -> Any:
        """Make the node of an operation; operands that are plain numbers are constants and no parents."""
        operands = (self, *others)
        if not all(isinstance(x, (Value, Real)) for x in operands):
            return NotImplemented
        # numpy's numbers: 1/0 is infinite, with a warning.
        value, *slopes = rule(*(np.float64(x.data if isinstance(x, Value) else x) for x in operands))
        out = Value(value)
        out.operation = operation
        out.parents = tuple(x for x in operands if isinstance(x, Value))
        out.local_gradients = tuple(float(s) for x, s in zip(operands, slopes, strict=True) if isinstance(x, Value))
        return out

    # Each operation: its value, then its local gradient in each operand.
    def __add__(self, other: Any) -> Any:
        return self._node("add", lambda a, b: (a + b, 1.0, 1.0), other)

    def __sub__(self, other: Any) -> Any:
        return self._node("subtract", lambda a, b: (a - b, 1.0, -1.0), other)

    def __rsub__(self, other: Any) -> Any:
        return self._node("subtract", lambda b, a: (a - b, -1.0, 1.0), other)

    def __mul__(self, other: Any) -> Any:
        return self._node("multiply", lambda a, b: (a * b, b, a), other)

    def __truediv__(self, other: Any) -> Any:
        return self._node("divide", lambda a, b: (a / b, 1 / b, -a / (b * b)), other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._node("divide", lambda b, a: (a / b, -a / (b * b), 1 / b), other)

    def __pow__(self, other: Any) -> Any:
        def rule(a: Any, b: Any) -> tuple[Any, ...]:
            y = a**b
            in_exponent = y * np.log(a) if isinstance(other, Value) and a != 0 else 0.0
            return y, b * a ** (b - 1) if b != 0 else 0.0, in_exponent

        return self._node("power", rule, other)

    def __rpow__(self, other: Any) -> Any:
        return self._node("power", lambda b, a: (a**b, a**b * np.log(a) if a != 0 else 0.0, 0.0), other)

    def __neg__(self) -> Any:
        return self._node("negative", lambda a: (-a, -1.0))

    def __abs__(self) -> Any:
        return self._node("absolute", lambda a: (abs(a), np.sign(a)))

    def sign(self) -> Any:
        """−1, 0 or 1: flat but for the jump, which has no slope."""
        return self._node("sign", lambda a: (np.sign(a), 0.0))

    def exp(self) -> Any:
        """The exponential is its own slope."""
        return self._node("exp", lambda a: (np.exp(a), np.exp(a)))

    def log(self) -> Any:
        """The natural logarithm, with the slope 1/x."""
        return self._node("log", lambda a: (np.log(a), 1 / a))

    def sqrt(self) -> Any:
        """The square root, with the slope 1/(2√x)."""
        return self._node("sqrt", lambda a: (np.sqrt(a), 1 / (2 * np.sqrt(a))))

    def sin(self) -> Any:
        """The sine, with the slope cos x."""
        return self._node("sin", lambda a: (np.sin(a), np.cos(a)))

    def cos(self) -> Any:
        """The cosine, with the slope −sin x."""
        return self._node("cos", lambda a: (np.cos(a), -np.sin(a)))

    def tanh(self) -> Any:
        """The hyperbolic tangent, with the slope 1 − tanh² x."""
        return self._node("tanh", lambda a: (np.tanh(a), 1 - np.tanh(a) ** 2))

    def maximum(self, other: Any) -> Any:
        """The larger of two numbers gets all of the gradient; of a tie each gets half, as in the engine."""
        return self._node("maximum", lambda a, b: (max(a, b), *_shares(a - b)), other)

    def minimum(self, other: Any) -> Any:
        """The smaller of two numbers gets all of the gradient; of a tie each gets half."""
        return self._node("minimum", lambda a, b: (min(a, b), *_shares(b - a)), other)

    def relu(self) -> Any:
        """max(x, 0), with the slope 1/2 at 0."""
        return self.maximum(0.0)

    __radd__, __rmul__ = __add__, __mul__

    # ------------------------------------------------------------------- what makes it a Python number
    def __pos__(self) -> Value:
        return self

    def __lt__(self, other: Any) -> Any:
        return self.data < _number(other)

    def __le__(self, other: Any) -> Any:
        return self.data <= _number(other)

    def __gt__(self, other: Any) -> Any:
        return self.data > _number(other)

    def __ge__(self, other: Any) -> Any:
        return self.data >= _number(other)

    def __eq__(self, other: object) -> bool:
        return bool(self.data == _number(other))

    def __ne__(self, other: object) -> bool:
        return bool(self.data != _number(other))

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        return self.data != 0

    def __float__(self) -> float:
        raise TypeError("float() and math.* drop the derivative of a Value: use np.sin and the like")

    def __repr__(self) -> str:
        return f"Value({self.data:.6g}, grad={self.grad:.6g})"

    # ----------------------------------------------------------------------- numpy's functions lead here
    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        if method == "__call__" and any(isinstance(x, np.ndarray) and x.ndim for x in inputs):
            return ufunc(*(np.array(x, dtype=object) for x in inputs), **options)
        if method != "__call__" or options or ufunc.__name__ not in METHODS:
            raise TypeError(f"np.{ufunc.__name__} is no operation of a Value, which has {', '.join(METHODS)}")
        own, reflected = METHODS[ufunc.__name__]
        first, *rest = (x[()] if isinstance(x, np.ndarray) else x for x in inputs)
        if isinstance(first, Value):
            return getattr(first, own)(*rest)
        return getattr(rest[0], reflected)(first) if isinstance(first, Real) else NotImplemented

    def __array_function__(self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        if function is np.where and len(args) == 3:
            return args[1] if args[0] else args[2]
        raise TypeError(f"np.{function.__name__} is for arrays, and a Value is a scalar")


METHODS = {
    "add": ("__add__", "__radd__"), "subtract": ("__sub__", "__rsub__"), "multiply": ("__mul__", "__rmul__"),
    "divide": ("__truediv__", "__rtruediv__"), "power": ("__pow__", "__rpow__"), "maximum": ("maximum", "maximum"),
    "minimum": ("minimum", "minimum"), "less": ("__lt__", "__gt__"), "less_equal": ("__le__", "__ge__"),
    "greater": ("__gt__", "__lt__"), "greater_equal": ("__ge__", "__le__"), "equal": ("__eq__", "__eq__"),
    "not_equal": ("__ne__", "__ne__"), "negative": ("__neg__", ""), "absolute": ("__abs__", ""),
    **{name: (name, "") for name in ("sign", "exp", "log", "sqrt", "sin", "cos", "tanh")},
}  # fmt: skip
"""By numpy's name of an operation its method, and the one that is called when only the right operand is a Value."""


def _number(x: Any) -> Any:
    """Return the plain number of a Value; anything else as it is."""
    return x.data if isinstance(x, Value) else x


def _shares(lead: Any) -> tuple[Any, Any]:
    """Share a gradient between two operands, the first of which leads by so much: all, nothing, or half each of a tie."""
    return (1 + np.sign(lead)) / 2, (1 - np.sign(lead)) / 2


def topological(end: Any, parents: Callable[[Any], Iterable[Any]]) -> list[Any]:
    """List the nodes that ``end`` rests on, each once and after its parents; without recursion, so graphs may be deep."""
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
