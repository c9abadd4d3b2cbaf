"""The engine: primitives with their rules, and the two ways to run a function on more than its values.

A *primitive* has a value, and for each argument a JVP rule (how a tangent goes forward) and a VJP rule (how a cotangent
comes back). A function runs at a *level* of differentiation: in forward mode its values are :class:`Dual` numbers, in
reverse mode :class:`Taped` values that write down what was done. Rules are ordinary numpy code on the values one level
below, which may be traced themselves: so derivatives of derivatives, in any mix, need nothing more.

Source: Griewank & Walther 2008, *Evaluating Derivatives*, ch. 3; the levels are those of JAX's autodidax.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

__all__ = [
    "COMPARISONS",
    "FUNCTIONS",
    "PLAIN",
    "REDUCTIONS",
    "STATIC",
    "UFUNCS",
    "Dual",
    "Level",
    "Primitive",
    "Rule",
    "Staged",
    "Taped",
    "Tie",
    "Traced",
    "bind",
    "concrete",
    "undifferentiated",
]

Rule = Callable[..., Any]
UFUNCS: dict[Any, Callable[..., Any]] = {}
"""What numpy's elementwise functions do on traced values."""
REDUCTIONS: dict[Any, Callable[..., Any]] = {}
"""What ``ufunc.reduce`` does."""
FUNCTIONS: dict[Any, Callable[..., Any]] = {}
"""What numpy's other functions do."""
PLAIN: set[Any] = set()
"""Functions without a derivative: comparisons, indices, shapes. They see values only."""
COMPARISONS = {np.equal, np.not_equal, np.greater, np.greater_equal, np.less, np.less_equal}
"""What a branch asks."""
STATIC = {np.ndim, np.shape, np.size}
"""Functions whose result is known when a program is written: shapes do not depend on values."""


@dataclass(frozen=True)
class Primitive:
    """One elementary operation.

    Args:
        name: as it is printed.
        value: the operation on arrays.
        jvps: for each argument ``(tangent, out, *args, **params) -> tangent of out``.
        vjps: for each argument ``(cotangent of out, out, *args, **params) -> cotangent``, in the argument's shape.
            A single rule serves any number of arguments: it gets their position as ``i``.

    """

    name: str
    value: Rule
    jvps: tuple[Rule, ...] | Rule = field(repr=False)
    vjps: tuple[Rule, ...] | Rule = field(repr=False)

    def jvp(self, i: int, tangent: Any, out: Any, args: tuple[Any, ...], params: dict[str, Any]) -> Any:
        """The tangent of ``out`` for a tangent of argument ``i``."""
        if callable(self.jvps):
            return self.jvps(tangent, out, *args, i=i, **params)
        return self.jvps[i](tangent, out, *args, **params)


class Level:
    """One differentiation under way; ``tape`` is what reverse mode wrote down, in the order in which it happened.

    A level with ``record`` writes a program down instead: see ``programs``.
    """

    numbers = count(1)

    def __init__(self, *, reverse: bool = False) -> None:
        # One that is opened inside another comes later, in whatever thread: the higher number is the inner level.
        self.number, self.reverse = next(Level.numbers), reverse
        self.tape: list[Node] = []
        self.record: Callable[..., Any] | None = None


@dataclass(eq=False, slots=True)
class Node:
    """One operation on the tape: what it was, of what, and which earlier nodes its arguments are."""

    index: int
    value: Any
    primitive: Primitive | None = None
    args: tuple[Any, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    parents: tuple[int | None, ...] = ()


class Traced(NDArrayOperatorsMixin):
    """A value under differentiation; numpy's functions and operators work on it as on an array."""

    __slots__ = ("level", "value")
    __array_priority__ = 1000

    def __init__(self, value: Any, level: Level) -> None:
        self.value, self.level = value, level

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        if method == "__call__" and out is None and not options and ufunc in UFUNCS:
            return UFUNCS[ufunc](*inputs)
        if out is not None or method == "at":
            raise TypeError(
                f"np.{ufunc.__name__} writes into an array: a traced value cannot be changed in place, make a new one"
            )
        if method == "reduce" and ufunc in REDUCTIONS:
            return REDUCTIONS[ufunc](inputs[0], **options)
        if method == "__call__" and ufunc in PLAIN:
            return _plainly(ufunc, inputs, options)
        raise TypeError(
            f"np.{ufunc.__name__} ({method}) has no derivative rule here: compose it from functions that have"
        )

    def __array_function__(self, func: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        if func in FUNCTIONS:
            return FUNCTIONS[func](*args, **kwargs)
        if func in PLAIN:
            return _plainly(func, args, kwargs)
        raise TypeError(f"np.{func.__name__} has no derivative rule here: compose it from functions that have")

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError(
            "np.array and np.asarray drop the derivative: use the traced value itself, or np.stack for several"
        )

    def __setitem__(self, key: Any, item: Any) -> None:
        raise TypeError("a traced value cannot be written into: use np.where, or np.concatenate of its parts")

    def __float__(self) -> float:
        raise TypeError("float() would drop the derivative: leave the value as it is")

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __len__(self) -> int:
        return int(self.shape[0])

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, key: Any) -> Any:
        return FUNCTIONS["getitem"](self, key)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({concrete(self)!r})"

    # What arrays know of themselves; most of numpy's functions become methods in ``structure``.
    shape = property(lambda self: np.shape(concrete(self)))
    ndim = property(lambda self: np.ndim(concrete(self)))
    size = property(lambda self: np.size(concrete(self)))
    dtype = property(lambda self: np.asarray(concrete(self)).dtype)
    T = property(lambda self: np.transpose(self))

    def reshape(self, *shape: Any) -> Any:
        """As ``np.reshape``."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: int) -> Any:
        """As ``np.transpose``."""
        return np.transpose(self, axes or None)


class Taped(Traced):
    """A value of reverse mode: ``index`` is its node on the level's tape."""

    __slots__ = ("index",)

    def __init__(self, value: Any, level: Level, index: int) -> None:
        super().__init__(value, level)
        self.index = index


class Dual(Traced):
    """A value of forward mode with its tangent, of the same shape (Clifford 1873: x + x'ε with ε² = 0)."""

    __slots__ = ("tangent",)

    def __init__(self, value: Any, level: Level, tangent: Any) -> None:
        super().__init__(value, level)
        self.tangent = tangent


def concrete(x: Any) -> Any:
    """The plain value under all levels."""
    while isinstance(x, Traced):
        x = x.value
    return x


class Staged(Traced):
    """A value of a program that is being written down: ``index`` is its line. Its value is that of an example."""

    __slots__ = ("index",)

    def __init__(self, value: Any, level: Level, index: int) -> None:
        super().__init__(value, level)
        self.index = index

    def __bool__(self) -> bool:
        raise TypeError(
            "a branch on a value cannot be compiled, since the program is written for all values: use np.where"
        )


class Tie(np.ndarray[Any, np.dtype[np.bool_]]):
    """The outcome of comparing equal values under differentiation: a mask like any other, but no ground to branch on."""

    def __bool__(self) -> bool:
        raise TypeError(
            "a branch on values that tie: on either side of this point another formula holds, so the derivative of the branch "
            "taken may be wrong; use np.where, np.maximum or np.minimum, or move the point"
        )

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        """What is computed from a tie is a plain array, but for other truth values."""
        return np.asarray(array).view(Tie) if np.asarray(array).dtype == bool else np.asarray(array)[()]


def undifferentiated(x: Any) -> Any:
    """The value under all differentiation: plain, or of a program that is being written down."""
    while isinstance(x, (Taped, Dual)):
        x = x.value
    return x


def _plainly(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """A function without a derivative on values that are under differentiation: recorded, if a program is being written."""
    args = tuple(map(undifferentiated, args))
    if function in STATIC or not any(isinstance(x, Staged) for x in args):
        args = tuple(map(concrete, args))
        outcome = function(*args, **kwargs)
        if function in COMPARISONS and np.size(outcome) == 1 and np.all(np.equal(*args)):
            return np.asarray(outcome).view(Tie)
        return outcome
    return bind(Primitive(function.__name__, function, (), ()), *args, **kwargs)


def bind(primitive: Primitive, *args: Any, **params: Any) -> Any:
    """Perform a primitive: at the highest level among its arguments, or on plain arrays."""
    level: Level | None = None
    for x in args:
        if isinstance(x, Traced) and (level is None or x.level.number > level.number):
            level = x.level
    if level is None:
        return primitive.value(*args, **params)
    mine = [isinstance(x, Traced) and x.level is level for x in args]
    inner = tuple([x.value if ours else x for x, ours in zip(args, mine, strict=True)])
    deeper = any([isinstance(x, Traced) for x in inner])  # noqa: C419 - a list is faster than a generator for so few
    out = bind(primitive, *inner, **params) if deeper else primitive.value(*inner, **params)
    if level.record is not None:
        return level.record(primitive, args, params, out)
    if level.reverse:
        parents = tuple([x.index if ours else None for x, ours in zip(args, mine, strict=True)])
        level.tape.append(Node(len(level.tape), out, primitive, inner, params, parents))
        return Taped(out, level, len(level.tape) - 1)
    tangent = None
    for i, ours in enumerate(mine):
        if ours:
            part = primitive.jvp(i, args[i].tangent, out, inner, params)
            tangent = part if tangent is None else np.add(tangent, part)
    return Dual(out, level, tangent)
