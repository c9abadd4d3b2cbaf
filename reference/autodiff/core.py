"""The engine: primitives with their rules, and the two ways to run a function on more than its values.

A *primitive* has a forward function, and for each argument a JVP rule (the tangent that goes forward) and a VJP rule (the
cotangent that comes back). A function runs at a *level* of differentiation: in forward mode its values are :class:`Dual` numbers,
in reverse mode :class:`Taped` values that write down the operations. Rules are ordinary numpy code on the values one level below,
which may be traced themselves: so derivatives of derivatives, in any mix, need nothing more.

Source: Griewank & Walther 2008, *Evaluating Derivatives*, ch. 3; the levels are those of JAX's autodidax.
"""

from __future__ import annotations

import keyword
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

__all__ = [
    "FUNCTIONS", "PRIMITIVES", "Dual", "Level", "Node", "Primitive", "Registry", "Rule", "Taped", "Traced", "bind", "concrete",
    "declare", "dtype_of", "implements", "shape_of", "undifferentiated",
]  # fmt: skip

Rule = Callable[..., Any]
TAKEN = re.compile(r"np|run|[cst]\d+(_dot|_bar)?")
"""Names that the text of a straight-line program uses itself."""


# ------------------------------------------------------------------------------------- the registry
@dataclass(frozen=True)
class Primitive:
    """One elementary operation; call it like a function, on arrays or on traced values.

    Without rules it has no derivative: it sees the values under all differentiation, as ``np.floor`` does.

    Args:
        name: the operation in the text of a program.
        forward: ``forward(*args, **params)`` on arrays.
        jvp: ``jvp(i, tangent, out, *args, **params)``: the tangent of ``out``, in its shape, for one of argument number ``i``.
        vjp: ``vjp(i, cotangent, out, *args, **params)``: the cotangent of argument number ``i``, in its shape, for one of ``out``.

    """

    name: str
    forward: Rule
    jvp: Rule | None = field(default=None, repr=False)
    vjp: Rule | None = field(default=None, repr=False)

    def __call__(self, *args: Any, **params: Any) -> Any:
        """Perform the primitive: see :func:`bind`."""
        return bind(self, *args, **params)


class Registry:
    """Primitives by name, and functions of numpy, each with its implementation for traced values.

    A key of ``functions`` is a function of numpy, a ufunc, a ufunc's method (``np.add.reduce``) or ``operator.getitem``.
    """

    def __init__(self) -> None:
        self.primitives: dict[str, Primitive] = {}
        self.functions: dict[Any, Callable[..., Any]] = {}

    def declare(self, name: str, forward: Rule, jvp: Rule | None = None, vjp: Rule | None = None) -> Primitive:
        """Declare a primitive: both rules beside the forward function, or none if it has no derivative.

        Raises:
            ValueError: the name is taken or no identifier, or one rule of the two is missing.

        """
        if name in self.primitives:
            raise ValueError(f"a primitive {name!r} is declared already: choose another name")
        if not name.isidentifier() or keyword.iskeyword(name) or TAKEN.fullmatch(name):
            raise ValueError(f"{name!r} cannot stand for a function in the text of a program: choose another name")
        if (jvp is None) != (vjp is None):
            raise ValueError(f"{name!r} needs a JVP rule and a VJP rule, or neither if it has no derivative")
        self.primitives[name] = Primitive(name, forward, jvp, vjp)
        return self.primitives[name]

    def implements(self, *functions: Any) -> Callable[[Rule], Rule]:
        """Decorate the implementation of numpy's ``functions`` for traced values.

        Raises:
            ValueError: one of them is implemented already.

        """

        def enter(f: Rule) -> Rule:
            for function in functions:
                if function in self.functions:
                    raise ValueError(f"{function!r} is implemented already")
                self.functions[function] = f
            return f

        return enter


REGISTRY = Registry()
PRIMITIVES, FUNCTIONS = REGISTRY.primitives, REGISTRY.functions
declare, implements = REGISTRY.declare, REGISTRY.implements


# ---------------------------------------------------------------------------------- levels and tape
class Level:
    """One differentiation under way; ``tape`` holds the operations of reverse mode in the order in which they happened.

    A level with ``record`` writes a program down instead: see ``programs``. Its values are of use while it is ``open``, as long as
    the function runs.
    """

    numbers = count(1)

    def __init__(self, *, reverse: bool = False) -> None:
        # A level that is opened inside another one is opened later, in every thread: the higher number is the inner level.
        self.number, self.reverse = next(Level.numbers), reverse
        self.tape: list[Node] = []
        self.record: Callable[..., Any] | None = None
        self.open = True

    def __enter__(self) -> Level:
        return self

    def __exit__(self, *_: object) -> None:
        self.open = False

    def used(self) -> None:
        """Refuse the use of a value after its differentiation is over.

        Raises:
            TypeError: it is over.

        """
        if not self.open:
            raise TypeError(
                "this traced value escaped from its function: the derivative that it belongs to is computed, it cannot be used "
                "any more; return what is needed, and keep concrete(x) if only the number is"
            )


@dataclass(eq=False, slots=True)
class Node:
    """One operation on the tape; ``parents`` are the indices of the nodes of its arguments, None for a constant."""

    index: int
    value: Any
    primitive: Primitive | None = None
    args: tuple[Any, ...] = ()
    params: dict[str, Any] = field(default_factory=dict)
    parents: tuple[int | None, ...] = ()


# ------------------------------------------------------------------------------------ traced values
class Traced(NDArrayOperatorsMixin):
    """A value under differentiation; numpy's functions and operators work on it as on an array."""

    __slots__ = ("level", "value")
    __array_priority__ = 1000

    def __init__(self, value: Any, level: Level) -> None:
        self.value, self.level = value, level

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        if out is not None or method == "at":
            raise TypeError(
                f"np.{ufunc.__name__} writes into an array: a traced value cannot be changed in place, nor written "
                "into a plain array: make a new one, as in h = h + b"
            )
        key = ufunc if method == "__call__" else getattr(ufunc, method)
        if key in FUNCTIONS:
            return FUNCTIONS[key](*inputs, **options)
        raise TypeError(
            f"np.{ufunc.__name__} ({method}) has no derivative rule here: compose it from functions that have"
        )

    def __array_function__(self, func: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        if func in FUNCTIONS:
            return FUNCTIONS[func](*args, **kwargs)
        raise TypeError(f"np.{func.__name__} has no derivative rule here: compose it from functions that have")

    def __array__(self, *_: Any, **__: Any) -> Any:
        self.level.used()
        raise TypeError(
            "np.array and np.asarray drop the derivative: use the traced value itself, or np.stack for several; "
            "of a list too, np.mean(np.stack(losses))"
        )

    def __setitem__(self, key: Any, item: Any) -> None:
        raise TypeError("a traced value cannot be written into: use np.where, or np.concatenate of its parts")

    def __float__(self) -> float:
        self.level.used()
        raise TypeError("float() would drop the derivative: leave the value as it is")

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __format__(self, spec: str) -> str:
        return format(concrete(self), spec) if spec else str(self)

    def __len__(self) -> int:
        return int(np.shape(concrete(self))[0])

    def __iter__(self) -> Any:
        return (FUNCTIONS[operator.getitem](self, i) for i in range(len(self)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({concrete(self)!r})"


def _rebound(old: Any, new: Any) -> Any:
    """Return what ``old += ...`` binds its name to: a new value, where an array would be changed for all who hold it.

    Raises:
        ValueError, TypeError: an array could not have taken the values in, by their shape or their type.

    """
    if shape_of(old) == ():
        return new
    if shape_of(new) != shape_of(old):
        raise ValueError(f"values of shape {shape_of(new)} do not fit into the array of shape {shape_of(old)} in place")
    if not np.can_cast(dtype_of(new), dtype_of(old), "same_kind"):
        raise TypeError(f"values of {dtype_of(new)} do not fit into the array of {dtype_of(old)} in place")
    return new if dtype_of(new) == dtype_of(old) else new.astype(dtype_of(old))


IN_PLACE = (
    operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.matmul, operator.floordiv, operator.mod,
    operator.and_, operator.or_, operator.xor,
)  # fmt: skip
OPERATORS = {"add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "pow": "power"}
METHODS: dict[str, Any] = {
    # Operators come here without the detour through numpy's dispatch.
    **{f"__{short}__": lambda a, b, name=name: bind(PRIMITIVES[name], a, b) for short, name in OPERATORS.items()},
    **{f"__r{short}__": lambda a, b, name=name: bind(PRIMITIVES[name], b, a) for short, name in OPERATORS.items()},
    **{
        f"__i{f.__name__.strip('_')}__": lambda self, other, f=f: _rebound(self, f(self, other)) for f in IN_PLACE
    },
    "__getitem__": lambda self, index: FUNCTIONS[operator.getitem](self, index),
    **{
        f.__name__: lambda self, *args, f=f, **options: f(self, *args, **options)
        for f in (
            np.all, np.any, np.argmax, np.argmin, np.argsort, np.clip, np.copy, np.cumsum, np.diagonal, np.dot, np.max, np.mean,
            np.min, np.prod, np.ravel, np.repeat, np.round, np.squeeze, np.std, np.sum, np.swapaxes, np.take, np.trace, np.var,
        )
    },
    "astype": lambda self, dtype, **options: FUNCTIONS[np.ndarray.astype](self, dtype, **options),
    "flatten": lambda self: np.ravel(self),
    "reshape": lambda self, *shape: np.reshape(self, shape[0] if len(shape) == 1 else shape),
    "transpose": lambda self, *axes: np.transpose(self, axes or None),
    "T": property(lambda self: np.transpose(self)),
    "shape": property(lambda self: np.shape(concrete(self))),
    "ndim": property(lambda self: np.ndim(concrete(self))),
    "size": property(lambda self: np.size(concrete(self))),
    "dtype": property(lambda self: dtype_of(self)),
}  # fmt: skip
"""The operators, methods and attributes that a traced value has in common with an array."""
for _name, _method in METHODS.items():
    setattr(Traced, _name, _method)


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
    """Return the value under all differentiation: a plain one, or one of a program that is being written down."""
    while isinstance(x, Traced):
        x.level.used()
        if x.level.record is not None:
            break
        x = x.value
    return x


def shape_of(x: Any) -> tuple[int, ...]:
    """Return the shape of an array, a number or a traced value."""
    return x.shape if isinstance(x, (np.ndarray, np.generic)) else np.shape(concrete(x))


def dtype_of(x: Any) -> np.dtype[Any]:
    """Return the type of the entries of an array, a number or a traced value."""
    return x.dtype if isinstance(x, (np.ndarray, np.generic)) else np.asarray(concrete(x)).dtype


def bind(primitive: Primitive, *args: Any, **params: Any) -> Any:
    """Perform a primitive: at the highest level among its arguments, or on plain arrays."""
    level: Level | None = None
    for x in args:
        if isinstance(x, Traced) and (level is None or x.level.number > level.number):
            level = x.level
    if level is None:
        return primitive.forward(*args, **params)
    if not level.open:
        level.used()
    if primitive.vjp is None and level.record is None:
        return bind(primitive, *map(undifferentiated, args), **params)
    mine = [isinstance(x, Traced) and x.level is level for x in args]
    inner = tuple([x.value if ours else x for x, ours in zip(args, mine, strict=True)])
    deeper = any([isinstance(x, Traced) for x in inner])  # noqa: C419 - a list is faster than a generator for so few
    out = bind(primitive, *inner, **params) if deeper else primitive.forward(*inner, **params)
    if level.record is not None:
        return level.record(primitive, args, params, out)
    if level.reverse:
        parents = tuple([x.index if ours else None for x, ours in zip(args, mine, strict=True)])
        level.tape.append(Node(len(level.tape), out, primitive, inner, params, parents))
        return Taped(out, level, len(level.tape) - 1)
    assert primitive.jvp is not None
    tangent = None
    for i, ours in enumerate(mine):
        if ours:
            part = primitive.jvp(i, args[i].tangent, out, *inner, **params)
            tangent = part if tangent is None else np.add(tangent, part)
    return Dual(out, level, tangent)
