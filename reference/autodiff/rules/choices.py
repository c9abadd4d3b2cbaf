"""The rules of choices and joints: where, clip, concatenate."""

from __future__ import annotations

from typing import Any

import numpy as np

from reference.autodiff.core import ByPosition, Primitive, bind, concrete, implement, primitive, undifferentiated
from reference.autodiff.rules.elementwise import unbroadcast
from reference.autodiff.rules.linear import only

__all__: list[str] = []


def _concatenate(arrays: Any, axis: Any = 0, **options: Any) -> Any:
    only("concatenate", options)
    if axis is None:
        arrays, axis = [np.ravel(a) for a in arrays], 0
    return bind(CONCATENATE, *arrays, axis=axis)


def _part(g: Any, *arrays: Any, i: int, axis: int) -> Any:
    """Cut out the piece of a concatenation that came from argument ``i``."""
    ends = np.cumsum([np.shape(concrete(a))[axis] for a in arrays])
    index = [slice(None)] * np.ndim(concrete(g))
    index[axis] = slice(int(ends[i]) - np.shape(concrete(arrays[i]))[axis], int(ends[i]))
    return g[tuple(index)]


def _placed(t: Any, out: Any, *arrays: Any, i: int, axis: int) -> Any:
    zeros = [np.zeros(np.shape(concrete(a))) for a in arrays]
    return np.concatenate([t if j == i else z for j, z in enumerate(zeros)], axis=axis)


CONCATENATE: Primitive = primitive(
    "concatenate",
    lambda *arrays, axis: np.concatenate(arrays, axis=axis),
    ByPosition(_placed),
    ByPosition(lambda g, _, *arrays, i, axis: _part(g, *arrays, i=i, axis=axis)),
)


def _where_jvp(t: Any, out: Any, condition: Any, *_: Any, i: int) -> Any:
    if i == 0:
        return np.zeros(np.shape(concrete(out)))
    return np.broadcast_to(np.where(condition, *((t, 0.0) if i == 1 else (0.0, t))), np.shape(concrete(out)))


def _where_vjp(g: Any, _: Any, condition: Any, *args: Any, i: int) -> Any:
    if i == 0:
        return np.zeros(np.shape(concrete(condition)))
    return unbroadcast(np.where(condition, *((g, 0.0) if i == 1 else (0.0, g))), args[i - 1])


WHERE: Primitive = primitive("where", np.where, ByPosition(_where_jvp), ByPosition(_where_vjp))


def _where(condition: Any, a: Any = None, b: Any = None) -> Any:
    """Choose; the choice of a branch has no derivative."""
    condition = undifferentiated(condition)
    return np.where(concrete(condition)) if a is None else bind(WHERE, condition, a, b)


def _clip(x: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None, **options: Any) -> Any:  # noqa: A002 - numpy's names
    only("clip", options)
    low, high = a_min if min is None else min, a_max if max is None else max
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


implement({np.concatenate: _concatenate, np.where: _where, np.clip: _clip})
