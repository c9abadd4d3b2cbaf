"""Forward mode on single numbers: a number that carries its derivative along.

The engine's ``Dual`` is what this becomes when numbers are arrays. Source: Clifford 1873.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from reference.autodiff.operations import OPERATIONS, Scalar, exact, local

__all__ = ["DualNumber", "derivative"]


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
        """Perform an operation on the real parts, and by the chain rule add up each local derivative times its dual part."""
        value, *slopes = OPERATIONS[name]
        level = max(a.level for a in args if isinstance(a, DualNumber))
        ours = [isinstance(a, DualNumber) and a.level == level for a in args]
        reals = [exact(a.real if our else a) for a, our in zip(args, ours, strict=True)]
        y = value(*reals)
        parts = [local(s, y, reals) * a.dual for a, s, our in zip(args, slopes, ours, strict=True) if our]
        return cls(y, sum(parts[1:], parts[0]), level)

    def plain(self) -> Any:
        """Return the real part."""
        return self.real

    def __repr__(self) -> str:
        return f"{self.real} + {self.dual}·ε"


LEVELS = count(1)


def derivative(f: Callable[[Any], Any], x: Any) -> Any:
    """Return the slope of ``f`` at ``x`` in forward mode: one run of ``f`` on x + ε, nested as often as you like."""
    level = next(LEVELS)
    y = f(DualNumber(x, 1.0, level))
    return y.dual if isinstance(y, DualNumber) and y.level == level else 0.0
