"""Transformations: from a function to its derivatives, forward, in reverse, and nested in any mix.

Arguments may be nested tuples, lists and dicts of floats and arrays; derivatives come in the same structure.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from reference.autodiff.core import Dual, Level, Node, Taped, Traced, concrete
from reference.autodiff.trees import flatten, leaves, leaves_like, map_leaves

__all__ = ["grad", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"]

Function = Callable[..., Any]


# ----------------------------------------------------------------------------------------- forward
def jvp(f: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """The value of ``f(*primals)`` and its tangent, J·v, in one forward sweep.

    Raises:
        ValueError: primals and tangents differ in structure or shape.
        TypeError: a primal is no float.

    """
    level = Level()
    out = f(*map_leaves(lambda x, t: Dual(_float(x), level, _shaped(t, x)), primals, tangents))
    value = map_leaves(lambda y: y.value if _of(y, level) else y, out)
    tangent = map_leaves(lambda y: y.tangent if _of(y, level) else np.zeros(np.shape(concrete(y))), out)
    return value, tangent


def _of(y: Any, level: Level) -> bool:
    return isinstance(y, Traced) and y.level is level


def _float(x: Any) -> Any:
    """A value that may be differentiated: a float, a float array, or a traced one."""
    if isinstance(x, Traced):
        return x
    array = np.asarray(x)
    if array.dtype.kind != "f":
        raise TypeError(
            f"derivatives are with respect to floats, this argument is {array.dtype}: convert it, x.astype(float)"
        )
    return x


def _shaped(t: Any, x: Any) -> Any:
    if np.shape(concrete(t)) != np.shape(concrete(x)):
        raise ValueError(
            f"a tangent has the shape of its primal: {np.shape(concrete(x))}, this one has {np.shape(concrete(t))}"
        )
    return t


# ----------------------------------------------------------------------------------------- reverse
def vjp(f: Function, *primals: Any) -> tuple[Any, Callable[..., tuple[Any, ...]]]:
    """The value of ``f(*primals)``, and a function from its cotangent to the cotangents of the primals.

    The reverse sweep goes over the tape once, without recursion, and may be run again with another cotangent; with
    ``last=True`` it lets go of each operation behind it, so that memory falls as it proceeds.
    """
    given, rebuild = flatten(primals)
    level = Level(reverse=True)
    level.tape = [Node(i, _float(x)) for i, x in enumerate(given)]
    out = f(*rebuild([Taped(x, level, i) for i, x in enumerate(given)]))
    if isinstance(out, Traced):
        ends = [out.index if isinstance(out, Taped) and out.level is level else None]
        value = out.value if ends[0] is not None else out
    else:
        ends = [y.index if isinstance(y, Taped) and y.level is level else None for y in leaves(out)]
        value = map_leaves(lambda y: y.value if _of(y, level) else y, out)

    steps = len(level.tape) - len(given)

    def pull(cotangent: Any, *, last: bool = False) -> tuple[Any, ...]:
        if len(level.tape) < len(given) + steps:
            raise ValueError("this tape was let go by pull(..., last=True): call vjp again")
        seeds = [(end, g) for end, g in zip(ends, leaves_like(out, cotangent), strict=True) if end is not None]
        found = _sweep(level.tape, seeds, len(given), release=last)
        back: tuple[Any, ...] = rebuild(
            [found[i] if i in found else np.zeros(np.shape(concrete(x))) for i, x in enumerate(given)]
        )
        return back

    return value, pull


def _sweep(tape: list[Node], seeds: list[tuple[int, Any]], inputs: int, *, release: bool) -> dict[int, Any]:
    """Cotangents of the first ``inputs`` nodes: each is complete when the sweep reaches its node, and let go behind it."""
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
        rules = node.primitive.vjps
        for i, parent in enumerate(node.parents):
            if parent is not None:
                if callable(rules):
                    part = rules(g, node.value, *node.args, i=i, **node.params)
                else:
                    part = rules[i](g, node.value, *node.args, **node.params)
                cotangents[parent] = part if parent not in cotangents else np.add(cotangents[parent], part)
    if release:
        del tape[inputs:]
    return cotangents


# ---------------------------------------------------------------------------------------- gradients
def value_and_grad(f: Function, argnum: int = 0) -> Function:
    """A function that returns ``f``'s value and its gradient for one argument, for a scalar ``f``.

    Raises:
        TypeError: (when called) the value is no scalar, or the argument is no float.

    """

    @wraps(f)
    def both(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        def of_one(x: Any) -> Any:
            return f(*args[:argnum], x, *args[argnum + 1 :], **kwargs)

        value, pull = vjp(of_one, args[argnum])
        if isinstance(value, (tuple, list, dict)) or np.shape(concrete(value)) != ():
            shape = (
                "a tuple, list or dict"
                if isinstance(value, (tuple, list, dict))
                else f"of shape {np.shape(concrete(value))}"
            )
            raise TypeError(f"a gradient is that of a scalar, this value is {shape}: sum it, or use jacobian or vjp")
        return value, pull(np.float64(1.0), last=True)[0]

    return both


def grad(f: Function, argnum: int = 0) -> Function:
    """A function that returns the gradient of a scalar ``f`` for one argument, in its structure and shapes."""
    both = value_and_grad(f, argnum)

    @wraps(f)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return gradient


def jacobian(f: Function, mode: str | None = None) -> Function:
    """A function that returns the Jacobian of ``f``, array to array, shape ``out.shape + x.shape``.

    ``mode``: ``"forward"``, a sweep for each entry of the input, or ``"reverse"``, one for each entry of the output; by default
    whichever are fewer.
    """

    @wraps(f)
    def full(x: Any) -> Any:
        value, pull = vjp(f, x)
        out, shape = np.shape(concrete(value)), np.shape(concrete(x))
        rows, columns = int(np.prod(out, dtype=int)), int(np.prod(shape, dtype=int))
        if (mode or ("reverse" if rows <= columns else "forward")) == "reverse":
            parts = [pull(np.reshape(unit, out))[0] for unit in np.eye(rows)]
            return np.reshape(np.stack(parts), out + shape) if parts else np.zeros(out + shape)
        parts = [jvp(f, (x,), (np.reshape(unit, shape),))[1] for unit in np.eye(columns)]
        return np.reshape(np.stack(parts, axis=-1), out + shape) if parts else np.zeros(out + shape)

    return full


def hvp(f: Function, x: Any, v: Any) -> Any:
    """Hessian-vector product of a scalar ``f`` at ``x``, H·v: forward over reverse (Pearlmutter 1994), no Hessian built."""
    return jvp(grad(f), (x,), (v,))[1]


def hessian(f: Function) -> Function:
    """A function that returns the Hessian of a scalar ``f`` of an array, shape ``x.shape + x.shape``."""
    return jacobian(grad(f), mode="forward")
