"""Two engines on single numbers, small enough to be read in one sitting: reverse mode, then forward mode.

:class:`Value` is reverse mode, in the spirit of micrograd: a number that remembers its parents, with the local gradient for each;
one sweep back from the output fills the gradients in. :class:`DualNumber` is forward mode: a number that carries its derivative.
Their base class ``Scalar`` makes ``x * y`` and ``np.multiply(x, y)`` the same: both call ``multiply``. The engine in ``core`` does
this on arrays: its ``Taped`` and ``Dual`` are these two with arrays as their numbers.

Sources: Griewank & Walther 2008, *Evaluating Derivatives*, ch. 3; Clifford 1873 for dual numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from numbers import Real
from typing import Any

import numpy as np

from reference.autodiff.operators import OPERATIONS, Scalar, exact, local

__all__ = ["DualNumber", "Value", "derivative", "topological"]


# ----------------------------------------------------------------------------------------- reverse
class Value(Scalar):
    """A number that remembers where it came from: a node of a computation graph.

    ``data`` is the number. ``edges`` are pairs (parent, local gradient), the local gradient being d(this)/d(parent). ``grad`` is
    d(output)/d(this), once the output's :meth:`backward` was called.
    """

    __slots__ = ("data", "edges", "grad")
    primal = property(lambda self: self.data)

    def __init__(self, data: float, *edges: tuple[Value, float]) -> None:
        self.data, self.grad = float(data), 0.0
        self.edges = tuple((parent, float(slope)) for parent, slope in edges)

    def add(self, other: Value) -> Value:
        """Add; both slopes are 1."""
        return Value(self.data + other.data, (self, 1.0), (other, 1.0))

    def subtract(self, other: Value) -> Value:
        """Subtract; the slopes are 1 and −1."""
        return Value(self.data - other.data, (self, 1.0), (other, -1.0))

    def multiply(self, other: Value) -> Value:
        """Multiply; the slope of each factor is the other factor."""
        return Value(self.data * other.data, (self, other.data), (other, self.data))

    def divide(self, other: Value) -> Value:
        """Divide; of y = a/b the slopes are 1/b and −y/b."""
        y = np.divide(self.data, other.data)
        return Value(y, (self, 1 / np.float64(other.data)), (other, -y / other.data))

    def power(self, other: Value) -> Value:
        """Raise to a power; of y = aᵇ the slopes are b·aᵇ⁻¹ and y·log a."""
        a, b = np.float64(self.data), other.data
        y = a**b
        return Value(y, (self, b * a ** (b - 1) if b else 0.0), (other, y * np.log(a) if a > 0 else 0.0))

    def negative(self) -> Value:
        """Negate; the slope is −1."""
        return Value(-self.data, (self, -1.0))

    def exp(self) -> Value:
        """Compute y = eˣ; the slope is y."""
        y = np.exp(self.data)
        return Value(y, (self, y))

    def log(self) -> Value:
        """Compute the natural logarithm; the slope is 1/x."""
        return Value(np.log(self.data), (self, 1 / np.float64(self.data)))

    def sqrt(self) -> Value:
        """Compute y = √x; the slope is 1/(2y)."""
        y = np.sqrt(self.data)
        return Value(y, (self, 1 / (2 * y)))

    def sin(self) -> Value:
        """Compute the sine; the slope is the cosine."""
        return Value(np.sin(self.data), (self, np.cos(self.data)))

    def cos(self) -> Value:
        """Compute the cosine; the slope is minus the sine."""
        return Value(np.cos(self.data), (self, -np.sin(self.data)))

    def tanh(self) -> Value:
        """Compute y = tanh x; the slope is 1 − y²."""
        y = np.tanh(self.data)
        return Value(y, (self, 1 - y**2))

    def absolute(self) -> Value:
        """Compute |x|; the slope is the sign, 0 at 0."""
        return Value(abs(self.data), (self, np.sign(self.data)))

    def sign(self) -> Value:
        """Compute the sign; the slope is 0."""
        return Value(np.sign(self.data), (self, 0.0))

    def maximum(self, other: Value) -> Value:
        """Take the larger of two; it gets the slope 1, and at a tie each gets 1/2."""
        share = (1 + np.sign(self.data - other.data)) / 2
        return Value(np.maximum(self.data, other.data), (self, share), (other, 1 - share))

    def minimum(self, other: Value) -> Value:
        """Take the smaller of two; it gets the slope 1, and at a tie each gets 1/2."""
        share = (1 - np.sign(self.data - other.data)) / 2
        return Value(np.minimum(self.data, other.data), (self, share), (other, 1 - share))

    @classmethod
    def operate(cls, name: str, *args: Any) -> Any:
        """Call the method of that name; numbers among its arguments become Values."""
        if not all(isinstance(a, (Value, Real)) for a in args):
            return NotImplemented
        return getattr(cls, name)(*(a if isinstance(a, Value) else cls(a) for a in args))

    def backward(self) -> None:
        """Fill ``grad`` of every node on which this one rests with the derivative of this one.

        A node gets the sum over all paths that lead from it to the output. The sum begins at zero in each call: a second call gives
        the same gradients, and a call on another output the gradients of that output alone, wherever it reaches. (torch adds
        up over calls, in the leaves only; for the gradient of two outputs together call ``(a + b).backward()``.)
        """
        order = topological(self, lambda node: (parent for parent, _ in node.edges))
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.edges:
                parent.grad += slope * node.grad

    def __repr__(self) -> str:
        return f"Value({self.data:.6g}, grad={self.grad:.6g})"


def topological(end: Any, parents: Callable[[Any], Iterable[Any]]) -> list[Any]:
    """List the nodes on which ``end`` rests, each once and after its parents; without recursion, so graphs may be deep."""
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


# ----------------------------------------------------------------------------------------- forward
class DualNumber(Scalar):
    """real + dual·ε with ε² = 0: a number with its derivative in a direction, for which f(a + bε) = f(a) + f'(a)·b·ε.

    ``level`` tells the ε of one :func:`derivative` from that of another inside which it is taken: to the inner one the outer ones
    are constants (Siskind & Pearlmutter 2005 show what goes wrong otherwise). The parts may be scalars themselves: of a Value,
    the dual part is a Value, and its ``backward()`` gives second derivatives.
    """

    __slots__ = ("dual", "level", "real")
    primal = property(lambda self: self.real)

    def __init__(self, real: Any, dual: Any = 0.0, level: int = 0) -> None:
        self.real, self.dual, self.level = real, dual, level

    @classmethod
    def operate(cls, name: str, *args: Any) -> Any:
        """Compute the value on the real parts, and by the chain rule the sum of each local derivative times its dual part."""
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
    """Compute the slope of ``f`` at ``x`` in forward mode: one run of ``f`` on x + ε, nested as often as you like."""
    level = next(LEVELS)
    y = f(DualNumber(x, 1.0, level))
    return y.dual if isinstance(y, DualNumber) and y.level == level else 0.0
