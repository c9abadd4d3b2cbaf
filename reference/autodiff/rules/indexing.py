"""Indexing: entries taken by an index, and put back by its adjoint, which adds where an index names an entry twice.

``x[i]`` with a plain index is the primitive ``getitem``. Where ``i``, or a part of it, is a value of a program (labels and words
are inputs like any other in a compiled function), it is an argument of the primitive ``gather``, and not a constant of it.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import Any

import numpy as np

from reference.autodiff.core import Primitive, Traced, bind, declare, implements, shape_of, undifferentiated
from reference.autodiff.rules.tools import linear

__all__ = ["SCATTER", "Slot", "filled_in", "getitem"]


@dataclass(frozen=True)
class Slot:
    """The place of an argument, by its number, within an index."""

    number: int


def filled_in(form: Any, indices: tuple[Any, ...]) -> Any:
    """Replace each :class:`Slot` of an index by the index with its number."""
    if isinstance(form, tuple):
        return tuple(filled_in(part, indices) for part in form)
    return indices[form.number] if isinstance(form, Slot) else form


def _scattered(g: Any, index: Any, shape: tuple[int, ...]) -> Any:
    """Add ``g`` at an index to zeros of ``shape``; an entry that is named twice gets both."""
    out = np.zeros(shape)
    parts = index if isinstance(index, tuple) else (index,)
    if all(part is None or part is Ellipsis or isinstance(part, (slice, int, np.integer)) for part in parts):
        out[index] = g  # slices name nothing twice, and writing takes a tenth of the time of adding
    else:
        np.add.at(out, index, g)
    return out


GETITEM: Primitive = linear(
    "getitem",
    lambda x, index: x[index],
    lambda i, g, y, x, index: bind(SCATTER, g, index=index, shape=shape_of(x)),
)
SCATTER: Primitive = linear("scatter_add", _scattered, lambda i, h, y, g, index, shape: bind(GETITEM, h, index=index))


def _gather_jvp(i: int, t: Any, y: Any, x: Any, *indices: Any, form: Any) -> Any:
    return bind(GATHER, t, *indices, form=form) if i == 0 else np.zeros(shape_of(y))


def _gather_vjp(i: int, g: Any, y: Any, x: Any, *indices: Any, form: Any) -> Any:
    """Scatter the cotangent; an index has no slope, so its cotangent is 0."""
    return bind(SCATTER_AT, g, *indices, form=form, shape=shape_of(x)) if i == 0 else np.zeros(shape_of(indices[i - 1]))


def _scatter_at_jvp(i: int, t: Any, y: Any, g: Any, *indices: Any, form: Any, shape: tuple[int, ...]) -> Any:
    return bind(SCATTER_AT, t, *indices, form=form, shape=shape) if i == 0 else np.zeros(shape)


def _scatter_at_vjp(i: int, h: Any, y: Any, g: Any, *indices: Any, form: Any, shape: tuple[int, ...]) -> Any:
    return bind(GATHER, h, *indices, form=form) if i == 0 else np.zeros(shape_of(indices[i - 1]))


GATHER = declare("gather", lambda x, *indices, form: x[filled_in(form, indices)], _gather_jvp, _gather_vjp)
SCATTER_AT = declare(
    "scatter_at",
    lambda g, *indices, form, shape: _scattered(g, filled_in(form, indices), shape),
    _scatter_at_jvp,
    _scatter_at_vjp,
)


@implements(operator.getitem)
def getitem(x: Any, index: Any) -> Any:
    """Take entries by an index that may hold traced values.

    Raises:
        TypeError: a part of the index is a traced mask.

    """
    parts = index if isinstance(index, tuple) else (index,)
    given = [undifferentiated(part) for part in parts if isinstance(part, Traced)]
    if not given:
        return bind(GETITEM, x, index=index)
    if any(part.dtype == bool for part in given):
        raise TypeError(
            "how much a mask selects depends on its values, a program is written for all of them: use np.where"
        )
    slots = iter(range(len(given)))
    form = tuple(Slot(next(slots)) if isinstance(part, Traced) else part for part in parts)
    return bind(GATHER, x, *given, form=form)
