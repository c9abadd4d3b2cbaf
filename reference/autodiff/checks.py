"""Gradient checking: the derivatives of both modes held against numerical slopes, entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from reference.autodiff.transforms import jvp, vjp
from reference.autodiff.trees import flatten, leaves, map_leaves

__all__ = ["check_grads"]


def check_grads(f: Callable[..., Any], *args: Any, step: float = 1e-3, tolerance: float = 1e-6) -> None:
    """Hold the derivatives of ``f`` at ``args`` against numerical slopes, in forward and in reverse mode.

    Arguments and value are trees of floats and arrays. Numerical slopes are central differences, extrapolated once, with a step
    of ``step`` · max(1, size of the entry); derivatives may differ from them by ``tolerance`` · max(1, largest slope there).
    Check ``f`` at points where it is smooth: at a kink there is no slope to compare with.

    Raises:
        AssertionError: forward or reverse mode differs; the message names the argument, its entry, and both slopes.

    """
    value, pull = vjp(f, *args)
    rows = [_joined(pull(unit)) for _, _, unit in _entries(value)]
    columns = iter(np.reshape(rows, (len(rows), _joined(args).size)).T)
    for n, arg in enumerate(args):

        def alone(x: Any, n: int = n) -> Any:
            return f(*args[:n], x, *args[n + 1 :])

        for place, x, unit in _entries(arg):
            h = step * max(1.0, abs(x))
            ends = [map_leaves(lambda x, u, t=t: np.add(x, t * u), arg, unit) for t in (h, -h, h / 2, -h / 2)]
            up, down, near_up, near_down = (_joined(alone(end)) for end in ends)
            slopes = (8 * (near_up - near_down) - (up - down)) / (6 * h)
            _compare(
                f"forward mode for argument {n}{place}", _joined(jvp(alone, (arg,), (unit,))[1]), slopes, tolerance
            )
            _compare(f"reverse mode for argument {n}{place}", next(columns), slopes, tolerance)


def _joined(tree: Any) -> Any:
    """Join the leaves of a tree to one vector."""
    return np.concatenate([np.zeros(0), *(np.ravel(x) for x in leaves(tree))])


def _entries(tree: Any) -> Iterator[tuple[str, float, Any]]:
    """Yield for each entry of a tree its place in words, its value, and a tree of zeros with a 1 in this place."""
    given, rebuild = flatten(tree)
    for k, x in enumerate(given):
        for entry in np.ndindex(np.shape(x)):
            unit = [np.zeros(np.shape(y)) for y in given]
            unit[k][entry] = 1.0
            place = f"{f', leaf {k}' if len(given) > 1 else ''}, entry {entry}"
            yield place, float(np.asarray(x)[entry]), rebuild(unit)


def _compare(title: str, got: Any, expected: Any, tolerance: float) -> None:
    off = np.abs(np.subtract(got, expected))
    if not np.all(off <= tolerance * np.max(np.abs(expected), initial=1.0)):
        worst = int(np.argmax(off))
        where = f" of output entry {worst}" if len(got) > 1 else ""
        raise AssertionError(
            f"{title}: the slope{where} is {got[worst]:.10g}, the numerical one {expected[worst]:.10g}"
        )
