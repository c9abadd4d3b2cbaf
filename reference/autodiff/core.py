"""The engine: primitives with their rules, and the two ways to run a function on more than its values.

A *primitive* has a value, and for each argument a JVP rule (how a tangent goes forward) and a VJP rule (how a cotangent
comes back). A function runs at a *level* of differentiation: in forward mode its values are :class:`Dual` numbers, in
reverse mode :class:`Taped` values that write down what was done. Rules are ordinary numpy code on the values one level
below, which may be traced themselves: so derivatives of derivatives, in any mix, need nothing more.

Source: Griewank & Walther 2008, *Evaluating Derivatives*, ch. 3; the levels are those of JAX's autodidax.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

__all__ = [
    "FUNCTIONS",
    "PRIMITIVES",
    "ByPosition",
    "Dual",
    "Level",
    "Node",
    "Primitive",
    "Rule",
    "Taped",
    "Traced",
    "bind",
    "concrete",
    "implement",
    "primitive",
    "shape_of",
    "undifferentiated",
]

Rule = Callable[..., Any]
"""``(tangent or cotangent, out, *args, **params)``: to the tangent of ``out``, or to the cotangent of one argument."""


# ---------------------------------------------------------------------------------------- the registry
@dataclass(frozen=True)
class Primitive:
    """One elementary operation; called, it is performed at the highest level of differentiation among its arguments.

    Args:
        name: as it is printed.
        value: the operation on arrays, ``(*args, **params)``.
        jvps: for each argument the rule from its tangent to a tangent of ``out``.
        vjps: for each argument the rule from the cotangent of ``out`` to one of the argument, in the argument's shape.

    """

    name: str
    value: Callable[..., Any]
    jvps: Sequence[Rule] = field(repr=False)
    vjps: Sequence[Rule] = field(repr=False)

    def __call__(self, *args: Any, **params: Any) -> Any:
        """Perform the operation; ``params`` are constants that it takes by name."""
        return bind(self, *args, **params)


class ByPosition(Sequence[Rule]):
    """The rules of an operation on any number of arguments: one rule, which gets the argument's position as ``i``."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __getitem__(self, i: Any) -> Any:
        return partial(self.rule, i=i)

    def __len__(self) -> int:
        raise TypeError("the number of arguments is known when the operation is performed")

    def __bool__(self) -> bool:
        return True


PRIMITIVES: dict[str, Primitive] = {}
"""Every primitive by its name."""
FUNCTIONS: dict[Any, Callable[..., Any]] = {}
"""The work on traced values of each function of numpy's, of ``(ufunc, "reduce")``, and of an index, "getitem"."""


def primitive(name: str, value: Callable[..., Any], jvps: Sequence[Rule], vjps: Sequence[Rule]) -> Primitive:
    """Declare a primitive: arguments as for :class:`Primitive`.

    Raises:
        ValueError: there is one of this name.

    """
    if name in PRIMITIVES:
        raise ValueError(f"there is a primitive {name!r} already: two of one name could not be told apart")
    PRIMITIVES[name] = Primitive(name, value, jvps, vjps)
    return PRIMITIVES[name]


def implement(rules: Mapping[Any, Callable[..., Any]]) -> None:
    """Say what functions of numpy's do on traced values, each once.

    Raises:
        ValueError: one of them is implemented already.

    """
    twice = [key for key in rules if key in FUNCTIONS]
    if twice:
        raise ValueError(f"{twice[0]} is implemented already")
    FUNCTIONS.update(rules)


# ------------------------------------------------------------------------------------ levels and values
class Level:
    """One differentiation under way; ``tape`` holds the operations of reverse mode in the order in which they happened.

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


def _operator(ufunc: np.ufunc) -> tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]:
    """Make an operator and its reflection, for an array or a number on the left."""
    return lambda a, b: FUNCTIONS[ufunc](a, b), lambda a, b: FUNCTIONS[ufunc](b, a)


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a method of one of numpy's functions."""
    return lambda self, *args, **options: function(self, *args, **options)


class Traced(NDArrayOperatorsMixin):
    """A value under differentiation; numpy's functions and operators work on it as on an array."""

    __slots__ = ("level", "value")
    __array_priority__ = 1000

    def __init__(self, value: Any, level: Level) -> None:
        self.value, self.level = value, level

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        run = FUNCTIONS.get(ufunc if method == "__call__" else (ufunc, method))
        if out is not None or method == "at":
            raise TypeError(
                f"np.{ufunc.__name__} writes into an array: a traced value cannot be changed in place, make a new one"
            )
        if run is None or (options and method == "__call__" and ufunc.__name__ in PRIMITIVES):
            raise TypeError(
                f"np.{ufunc.__name__} ({method}) has no derivative rule here: compose it from functions that have"
            )
        return run(*inputs, **options)

    def __array_function__(self, func: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        if func in FUNCTIONS:
            return FUNCTIONS[func](*args, **kwargs)
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

    # The attributes and methods of arrays; operators come here without the detour through numpy's dispatch.
    shape = property(lambda self: np.shape(concrete(self)))
    ndim = property(lambda self: np.ndim(concrete(self)))
    size = property(lambda self: np.size(concrete(self)))
    dtype = property(lambda self: np.asarray(concrete(self)).dtype)
    T = property(lambda self: np.transpose(self))
    __add__, __radd__ = _operator(np.add)
    __sub__, __rsub__ = _operator(np.subtract)
    __mul__, __rmul__ = _operator(np.multiply)
    __truediv__, __rtruediv__ = _operator(np.divide)
    __pow__, __rpow__ = _operator(np.power)
    all, any = _method(np.all), _method(np.any)
    argmax, argmin, argsort = _method(np.argmax), _method(np.argmin), _method(np.argsort)
    clip, copy, cumsum, diagonal = _method(np.clip), _method(np.copy), _method(np.cumsum), _method(np.diagonal)
    dot, trace = _method(np.dot), _method(np.trace)
    max, mean, min, prod = _method(np.max), _method(np.mean), _method(np.min), _method(np.prod)
    flatten, ravel, squeeze, swapaxes = _method(np.ravel), _method(np.ravel), _method(np.squeeze), _method(np.swapaxes)
    repeat, round, take = _method(np.repeat), _method(np.round), _method(np.take)
    std, sum, var = _method(np.std), _method(np.sum), _method(np.var)

    def reshape(self, *shape: Any) -> Any:
        """Reshape as ``np.reshape`` does."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape)

    def transpose(self, *axes: int) -> Any:
        """Transpose as ``np.transpose`` does."""
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
    """Return the plain value under all levels."""
    while isinstance(x, Traced):
        x = x.value
    return x


def undifferentiated(x: Any) -> Any:
    """Return the value under all differentiation: plain, or of a program that is being written down."""
    while isinstance(x, (Taped, Dual)):
        x = x.value
    return x


def shape_of(x: Any) -> tuple[int, ...]:
    """Return the shape of anything, under whatever differentiation."""
    return x.shape if isinstance(x, (np.ndarray, np.generic)) else np.shape(concrete(x))


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
            part = primitive.jvps[i](args[i].tangent, out, *inner, **params)
            tangent = part if tangent is None else np.add(tangent, part)
    return Dual(out, level, tangent)
