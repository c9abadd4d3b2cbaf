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
Argnums = int | tuple[int, ...]


# ----------------------------------------------------------------------------------------- forward
def jvp(f: Function, primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """Compute the value of ``f(*primals)`` and its tangent, J·v, in one forward sweep.

    Raises:
        ValueError: primals and tangents differ in structure or shape.
        TypeError: a primal is no float.

    """
    level = Level()
    out = f(*map_leaves(lambda x, t: Dual(_float(x), level, _shaped(t, x)), primals, tangents))
    value = map_leaves(lambda y: y.value if _is_of(y, level) else y, out)
    tangent = map_leaves(lambda y: y.tangent if _is_of(y, level) else np.zeros(np.shape(concrete(y))), out)
    return value, tangent


def _is_of(y: Any, level: Level) -> bool:
    return isinstance(y, Traced) and y.level is level


def _float(x: Any) -> Any:
    """Return a value that may be differentiated: a float, a float array, or a traced one; refuse any other."""
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
    """Return the value of ``f(*primals)``, and a function from its cotangent to the cotangents of the primals.

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
        value = map_leaves(lambda y: y.value if _is_of(y, level) else y, out)

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
    """Compute cotangents of the first ``inputs`` nodes: each is complete when the sweep reaches its node, and let go behind it."""
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
                part = rules[i](g, node.value, *node.args, **node.params)
                cotangents[parent] = part if parent not in cotangents else np.add(cotangents[parent], part)
    if release:
        del tape[inputs:]
    return cotangents


# ---------------------------------------------------------------------------------------- gradients
def value_and_grad(f: Function, argnums: Argnums = 0) -> Function:
    """Make a function that returns the value of a scalar ``f`` and its gradient.

    Args:
        f: of floats, arrays and trees of them.
        argnums: the argument, by its position, with respect to which the gradient is taken; for a tuple of positions the
            gradients come in a tuple.

    Raises:
        TypeError: (when called) the value is no scalar, or an argument is no float.

    """

    @wraps(f)
    def both(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        value, pull = vjp(_of(f, argnums, args, kwargs), *_chosen(args, argnums))
        if isinstance(value, (tuple, list, dict)) or np.shape(concrete(value)) != ():
            shape = (
                "a tuple, list or dict"
                if isinstance(value, (tuple, list, dict))
                else f"of shape {np.shape(concrete(value))}"
            )
            raise TypeError(f"a gradient is that of a scalar, this value is {shape}: sum it, or use jacobian or vjp")
        gradients = pull(np.float64(1.0), last=True)
        return value, gradients if isinstance(argnums, tuple) else gradients[0]

    return both


def grad(f: Function, argnums: Argnums = 0) -> Function:
    """Make a function that returns the gradient of a scalar ``f`` in the structure and shapes of the argument.

    ``argnums`` as for :func:`value_and_grad`.
    """
    both = value_and_grad(f, argnums)

    @wraps(f)
    def gradient(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return gradient


def jacobian(f: Function, argnums: Argnums = 0, mode: str | None = None) -> Function:
    """Make a function that returns the Jacobian of ``f``, arrays to array, shape ``out.shape + x.shape``.

    Args:
        f: of arrays; its value is one array.
        argnums: as for :func:`value_and_grad`.
        mode: ``"forward"``, a sweep for each entry of the input, or ``"reverse"``, one for each entry of the output; by default
            the one with fewer sweeps.

    """

    @wraps(f)
    def full(*args: Any, **kwargs: Any) -> Any:
        if isinstance(argnums, tuple):
            return tuple(_jacobian(_of(f, n, args, kwargs), args[n], mode) for n in argnums)
        return _jacobian(_of(f, argnums, args, kwargs), args[argnums], mode)

    return full


def _jacobian(f: Function, x: Any, mode: str | None) -> Any:
    """Compute the Jacobian of a function of one array at ``x``."""
    value, pull = vjp(f, x)
    out, shape = np.shape(concrete(value)), np.shape(concrete(x))
    rows, columns = int(np.prod(out, dtype=int)), int(np.prod(shape, dtype=int))
    if (mode or ("reverse" if rows <= columns else "forward")) == "reverse":
        parts = [pull(np.reshape(unit, out))[0] for unit in np.eye(rows)]
        return np.reshape(np.stack(parts), out + shape) if parts else np.zeros(out + shape)
    parts = [jvp(f, (x,), (np.reshape(unit, shape),))[1] for unit in np.eye(columns)]
    return np.reshape(np.stack(parts, axis=-1), out + shape) if parts else np.zeros(out + shape)


def hvp(f: Function, x: Any, v: Any) -> Any:
    """Compute the Hessian-vector product of a scalar ``f`` at ``x``, H·v: forward over reverse (Pearlmutter 1994)."""
    return jvp(grad(f), (x,), (v,))[1]


def hessian(f: Function, argnums: Argnums = 0) -> Function:
    """Make a function that returns the Hessian of a scalar ``f`` of arrays, shape ``x.shape + x.shape``.

    ``argnums`` as for :func:`value_and_grad`; for a tuple, row i of the result is the tuple of Jacobians of gradient i.
    """
    if isinstance(argnums, tuple):
        rows = [jacobian(grad(f, n), argnums, mode="forward") for n in argnums]
        return wraps(f)(lambda *args, **kwargs: tuple(row(*args, **kwargs) for row in rows))
    return jacobian(grad(f, argnums), argnums, mode="forward")


def _chosen(args: tuple[Any, ...], argnums: Argnums) -> tuple[Any, ...]:
    """Return the arguments at some positions.

    Raises:
        TypeError: there is no such argument.

    """
    numbers = argnums if isinstance(argnums, tuple) else (argnums,)
    for n in numbers:
        if not -len(args) <= n < len(args):
            raise TypeError(f"a derivative is asked for argument {n}, of {len(args)} that are given by position")
    return tuple(args[n] for n in numbers)


def _of(f: Function, argnums: Argnums, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Function:
    """Make the function of the chosen arguments alone; the others are constants."""
    _chosen(args, argnums)
    numbers = argnums if isinstance(argnums, tuple) else (argnums,)

    def of_chosen(*chosen: Any) -> Any:
        every = list(args)
        for n, x in zip(numbers, chosen, strict=True):
            every[n] = x
        return f(*every, **kwargs)

    return of_chosen
