"""Checks of derivatives: both modes against each other, and against numerical slopes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.autodiff.core import Primitive, primitive
from reference.autodiff.transforms import jvp, vjp
from reference.autodiff.trees import flatten, leaves, map_leaves

__all__ = ["check_grads", "new_primitive"]

STEP = 1e-4
"""Of Richardson-extrapolated central differences, relative to the size of an argument: right to about 1e-11."""


def check_grads(f: Callable[..., Any], *args: Any, tolerance: float = 1e-6, seed: int = 0) -> None:
    """Hold the derivatives of ``f`` at ``args`` in both modes against numerical slopes, along a random direction.

    Args:
        f: of floats, arrays and trees of them; its value may be a tree too.
        args: where; not at a kink.
        tolerance: relative to the size of what is compared.
        seed: of the directions.

    Raises:
        AssertionError: two of the three differ; the message says in which argument, and by how much.

    """
    rng = np.random.default_rng(seed)
    out, pull = vjp(f, *args)
    cotangent = map_leaves(lambda y: rng.standard_normal(np.shape(y)), out)
    back = pull(cotangent)
    for number, x in enumerate(args):
        zeros = [map_leaves(np.zeros_like, other) for other in args]
        direction = map_leaves(lambda leaf: rng.standard_normal(np.shape(leaf)), x)
        forward = jvp(f, args, (*zeros[:number], direction, *zeros[number + 1 :]))[1]
        numeric = _inner(cotangent, _slope(f, args, number, direction))
        for mode, found in (("forward", _inner(cotangent, forward)), ("reverse", _inner(back[number], direction))):
            size = max(abs(numeric), abs(found), _size(back[number], direction) * tolerance)
            if not abs(found - numeric) <= tolerance * size:
                raise AssertionError(
                    f"argument {number}: the derivative along a random direction is {found:.10g} in {mode} mode, "
                    f"the numerical slope is {numeric:.10g}"
                )


def _slope(f: Callable[..., Any], args: tuple[Any, ...], number: int, direction: Any) -> list[Any]:
    """Compute the slope of each leaf of the value along a direction in one argument (Richardson 1911)."""
    h = STEP * max(1.0, *(float(np.max(np.abs(leaf), initial=0.0)) for leaf in leaves(args[number])))

    def at(step: float) -> list[Any]:
        moved = map_leaves(lambda x, d: x + step * d, args[number], direction)
        return [np.asarray(y) for y in flatten(f(*args[:number], moved, *args[number + 1 :]))[0]]

    coarse = [(up - down) / (2 * h) for up, down in zip(at(h), at(-h), strict=True)]
    fine = [(up - down) / h for up, down in zip(at(h / 2), at(-h / 2), strict=True)]
    return [(4 * a - b) / 3 for a, b in zip(fine, coarse, strict=True)]


def _inner(a: Any, b: Any) -> float:
    """Compute the sum of products of corresponding entries of two trees."""
    return float(sum(np.sum(x * y) for x, y in zip(leaves(a), leaves(b), strict=True)))


def _size(a: Any, b: Any) -> float:
    return float(sum(np.sum(np.abs(x * y)) for x, y in zip(leaves(a), leaves(b), strict=True)))


def new_primitive(
    name: str, value: Callable[..., Any], *rules: tuple[Callable[..., Any], Callable[..., Any]]
) -> Primitive:
    """Declare an operation of one's own, differentiable in both modes, nested, compiled and drawn like any other.

    >>> from reference import autodiff as ad
    >>> cube = ad.new_primitive("cube", lambda x: x**3, (lambda t, y, x: 3 * x**2 * t, lambda g, y, x: 3 * x**2 * g))
    >>> float(ad.grad(cube)(2.0)), float(ad.grad(ad.grad(cube))(2.0))
    (12.0, 12.0)

    Args:
        name: as it is printed; none of numpy's, and none that there is already.
        value: the operation on arrays, ``(*args)``.
        rules: for each argument a pair: from its tangent, ``(t, out, *args)``, to a tangent of ``out``; and from the cotangent
            of ``out``, ``(g, out, *args)``, to one of the argument, in the argument's shape.

    Raises:
        ValueError: the name is taken.

    """
    if hasattr(np, name) or hasattr(np.linalg, name):
        raise ValueError(f"{name!r} is a name of numpy's, by which programs would call numpy: choose another")
    return primitive(name, value, tuple(jvp for jvp, _ in rules), tuple(vjp for _, vjp in rules))
