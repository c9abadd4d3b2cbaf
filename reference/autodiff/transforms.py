"""Transformations of a function to its derivatives: forward, in reverse, and nested in any mix.

Arguments may be nested tuples, lists and dicts of floats and arrays; derivatives come in the same structure and of the same type:
a float32 array has a float32 gradient. A Python float counts as numpy's float64.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

import numpy as np

from reference.autodiff.core import FUNCTIONS, Dual, Level, Node, Taped, Traced, concrete, dtype_of, shape_of
from reference.autodiff.trees import flatten, leaves, map_leaves, owned

__all__ = ["grad", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"]

Function = Callable[..., Any]


# ----------------------------------------------------------------------------------------- forward
def jvp(f: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """Compute ``f(*primals)`` and its tangent, J·v, in one forward sweep.

    Raises:
        ValueError: primals and tangents differ in structure or shape.
        TypeError: a primal or an output is no float.

    """
    with Level() as level:
        out = f(*map_leaves(lambda x, t: Dual(_float(x), level, _shaped("tangent", t, "primal", x)), primals, tangents))
    _check_real(out, level)
    tangent, rebuild = flatten(map_leaves(lambda y: _as(y, y.tangent if _of(y, level) else np.zeros(shape_of(y))), out))
    return _value(out, level), rebuild(owned(tangent, {id(t) for t in leaves(tangents)}))


def _value(out: Any, level: Level) -> Any:
    """Take the values of a level's outputs; arrays are copied, since tapes and closures may hold them."""
    return map_leaves(lambda y: _copied(y.value if _of(y, level) else y), out)


def _copied(y: Any) -> Any:
    return np.array(y) if isinstance(y, np.ndarray) else y


def _of(y: Any, level: Level) -> bool:
    return isinstance(y, Traced) and y.level is level


def _float(x: Any) -> Any:
    """Return a value that may be differentiated, a float, a float array or a traced one; refuse any other."""
    if isinstance(x, Traced):
        x.level.used()
    kind = dtype_of(x)
    if kind.kind != "f":
        raise TypeError(f"derivatives are with respect to floats, this argument is {kind}: convert it, x.astype(float)")
    return np.float64(x) if type(x) is float else x


def _as(like: Any, x: Any) -> Any:
    """Cast a derivative to the floats that it belongs to: float32 for float32."""
    dtype = dtype_of(like)
    if dtype_of(x) == dtype:
        return x
    return FUNCTIONS[np.ndarray.astype](x, dtype) if isinstance(x, Traced) else np.asarray(x, dtype)[()]


def _check_real(out: Any, level: Level) -> None:
    """Refuse outputs that have no derivative.

    Raises:
        TypeError: one is no float, or a traced value that escaped from another function.

    """
    for y in leaves(out):
        if isinstance(y, Traced) and y.level is not level:
            y.level.used()
        if dtype_of(y).kind != "f":
            raise TypeError(
                f"only a real number has a derivative, the function returned {_came(concrete(y))}: return a float, or what else "
                "is wanted by another function"
            )


def _came(y: Any) -> str:
    """Say what was returned in place of a float."""
    if y is None:
        return "None (is a return missing?)"
    kinds = {"b": "a truth value", "i": "a count", "u": "a count", "c": "a complex number", "U": "a string"}
    kind = np.asarray(y).dtype
    one = kinds.get(kind.kind, f"a {type(y).__name__}")
    return f"an array of {kind}" if np.ndim(y) else f"{one}, {y!r}"


def _shaped(this: str, t: Any, what: str, x: Any) -> Any:
    """Return a tangent or cotangent ``t`` if it fits ``x``, ``what`` it belongs to."""
    if isinstance(t, Traced):
        t.level.used()
    if dtype_of(t).kind not in "fiu":
        raise TypeError(f"a {this} is made of real numbers, this one is {_came(concrete(t))}")
    if shape_of(t) != shape_of(x):
        raise ValueError(f"a {this} has the shape of its {what}: {shape_of(x)}, this one has {shape_of(t)}")
    return _as(x, t)


# ----------------------------------------------------------------------------------------- reverse
def vjp(f: Function, *primals: Any) -> tuple[Any, Callable[..., tuple[Any, ...]]]:
    """Compute ``f(*primals)``; return it with a function from its cotangent to the cotangents of the primals.

    The reverse sweep goes over the tape once, without recursion, and may be run again with another cotangent; with
    ``last=True`` it lets go of each operation behind it, so that memory falls as it proceeds.

    Raises:
        TypeError: a primal or an output is no float.
        ValueError: (of the function returned) the cotangent has not the structure or the shapes of the outputs.

    """
    given, rebuild = flatten(primals)
    with Level(reverse=True) as level:
        given = [_float(x) for x in given]
        level.tape = [Node(i, x) for i, x in enumerate(given)]
        out = f(*rebuild([Taped(x, level, i) for i, x in enumerate(given)]))
    _check_real(out, level)
    ends = [y.index if isinstance(y, Taped) and y.level is level else None for y in leaves(out)]
    value = _value(out, level)
    steps = len(level.tape) - len(given)

    def pull(cotangent: Any, *, last: bool = False) -> tuple[Any, ...]:
        if len(level.tape) < len(given) + steps:
            raise ValueError("this tape was let go by pull(..., last=True): call vjp again")
        sent = map_leaves(lambda y, g: _shaped("cotangent", g, "output", y), out, cotangent)
        seeds = [(end, g) for end, g in zip(ends, leaves(sent), strict=True) if end is not None]
        found = _sweep(level.tape, seeds, len(given), release=last)
        parts = [_as(x, found[i] if i in found else np.zeros(shape_of(x))) for i, x in enumerate(given)]
        back: tuple[Any, ...] = rebuild(owned(parts, {id(g) for _, g in seeds}))
        return back

    return value, pull


def _sweep(tape: list[Node], seeds: list[tuple[int, Any]], inputs: int, *, release: bool) -> dict[int, Any]:
    """Compute the cotangents of the first ``inputs`` nodes; each is complete when the sweep reaches its node, and then let go."""
    cotangents: dict[int, Any] = {}
    for index, g in seeds:
        cotangents[index] = g if index not in cotangents else np.add(cotangents[index], g)
    for index in range(max((i for i, _ in seeds), default=-1), inputs - 1, -1):
        if release:
            del tape[index + 1 :]
        if index not in cotangents:
            continue
        node, g = tape[index], cotangents.pop(index)
        assert node.primitive is not None
        assert node.primitive.vjp is not None
        rule = node.primitive.vjp
        for i, parent in enumerate(node.parents):
            if parent is not None:
                part = rule(i, g, node.value, *node.args, **node.params)
                cotangents[parent] = part if parent not in cotangents else np.add(cotangents[parent], part)
    if release:
        del tape[inputs:]
    return cotangents


# ---------------------------------------------------------------------------------------- gradients
Argnums = int | tuple[int, ...]


def _of_some(f: Function, argnums: Argnums, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Function, Any]:
    """Make ``f`` a function of one tree, its arguments number ``argnums``; return it with their values."""
    numbers = range(len(args))
    chosen = [numbers[n] for n in (argnums if isinstance(argnums, tuple) else (argnums,))]

    def of_some(x: Any) -> Any:
        every = list(args)
        for n, part in zip(chosen, x if isinstance(argnums, tuple) else (x,), strict=True):
            every[n] = part
        return f(*every, **kwargs)

    return of_some, tuple(args[n] for n in chosen) if isinstance(argnums, tuple) else args[chosen[0]]


def value_and_grad(f: Function, argnums: Argnums = 0) -> Function:
    """Make a function that returns the value of a scalar ``f`` and its gradient for argument number ``argnums``.

    The gradient has the structure and the shapes of the argument; for a tuple of numbers there is a tuple of gradients.

    Raises:
        TypeError: (when called) the value is no real scalar, or the argument is no float.

    """

    @wraps(f)
    def both(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        value, pull = vjp(*_of_some(f, argnums, args, kwargs))
        nested = isinstance(value, (tuple, list, dict))
        if nested or shape_of(value) != ():
            shape = "a tuple, list or dict" if nested else f"of shape {shape_of(value)}"
            raise TypeError(f"a gradient is that of a scalar, this value is {shape}: sum it, or use jacobian or vjp")
        return value, pull(np.float64(1.0), last=True)[0]

    return both


def grad(f: Function, argnums: Argnums = 0) -> Function:
    """Make a function that returns the gradient of a scalar ``f``: see :func:`value_and_grad`."""
    both = value_and_grad(f, argnums)

    @wraps(f)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return gradient


def jacobian(f: Function, argnums: Argnums = 0, *, mode: Literal["forward", "reverse"] | None = None) -> Function:
    """Make a function that returns the Jacobian of ``f``, array to array, shape ``out.shape + x.shape``.

    ``mode``: ``"forward"``, a sweep for each entry of the input, or ``"reverse"``, one for each entry of the output; by default
    the one with fewer sweeps. For a tuple ``argnums`` there is a tuple of Jacobians.
    """

    @wraps(f)
    def full(*args: Any, **kwargs: Any) -> Any:
        if isinstance(argnums, tuple):
            return tuple(jacobian(f, n, mode=mode)(*args, **kwargs) for n in argnums)
        of_one, x = _of_some(f, argnums, args, kwargs)
        value, pull = vjp(of_one, x)
        out, shape = shape_of(value), shape_of(x)
        rows, columns = math.prod(out), math.prod(shape)
        if (mode or ("reverse" if rows <= columns else "forward")) == "reverse":
            parts = [pull(np.reshape(unit, out))[0] for unit in np.eye(rows)]
            return np.reshape(np.stack(parts), out + shape) if parts else np.zeros(out + shape)
        parts = [jvp(of_one, (x,), (np.reshape(unit, shape),))[1] for unit in np.eye(columns)]
        return np.reshape(np.stack(parts, axis=-1), out + shape) if parts else np.zeros(out + shape)

    return full


def hvp(f: Function, x: Any, v: Any) -> Any:
    """Multiply the Hessian of a scalar ``f`` at ``x`` with ``v``: forward over reverse (Pearlmutter 1994), no Hessian built."""
    return jvp(grad(f), (x,), (v,))[1]


def hessian(f: Function, argnums: Argnums = 0) -> Function:
    """Make a function that returns the Hessian of a scalar ``f`` of an array, shape ``x.shape + x.shape``.

    For a tuple ``argnums`` it is a tuple of tuples of blocks: block [i][j], of shape ``x_i.shape + x_j.shape``, is the Jacobian of
    the gradient for argument ``argnums[i]`` with respect to argument ``argnums[j]``.
    """
    if isinstance(argnums, tuple):
        blocks = [jacobian(grad(f, n), argnums, mode="forward") for n in argnums]
        return wraps(f)(lambda *args, **kwargs: tuple(block(*args, **kwargs) for block in blocks))
    return jacobian(grad(f, argnums), argnums, mode="forward")
