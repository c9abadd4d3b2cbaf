"""Indices that are values of a program themselves: labels and words, which are inputs like any other in a compiled function.

``x[i]`` with a plain index is the primitive ``getitem`` (``linear``). Where ``i``, or a part of it, is a value of a program, it is
an argument of the primitive and not a constant of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from reference.autodiff.core import (
    ByPosition,
    Primitive,
    Traced,
    bind,
    concrete,
    implement,
    primitive,
    shape_of,
    undifferentiated,
)
from reference.autodiff.rules.linear import GETITEM

__all__ = ["Slot", "filled_in"]


@dataclass(frozen=True)
class Slot:
    """The place of an argument, by its number, within an index."""

    number: int


def filled_in(form: Any, indices: tuple[Any, ...]) -> Any:
    """Return an index with its slots filled."""
    if isinstance(form, tuple):
        return tuple(filled_in(part, indices) for part in form)
    return indices[form.number] if isinstance(form, Slot) else form


def _added(g: Any, *indices: Any, form: Any, shape: tuple[int, ...]) -> Any:
    out = np.zeros(shape)
    np.add.at(out, filled_in(form, indices), g)
    return out


def _no_slope(x: Any) -> Any:
    """Return zeros: the choice of an entry has no derivative."""
    return np.zeros(shape_of(x))


GATHER: Primitive = primitive(
    "gather",
    lambda x, *indices, form: x[filled_in(form, indices)],
    ByPosition(
        lambda t, y, x, *indices, i, form: (
            bind(GATHER, t, *indices, form=form) if i == 0 else np.zeros(np.shape(concrete(y)))
        )
    ),
    ByPosition(
        lambda g, _, x, *indices, i, form: (
            bind(SCATTER_AT, g, *indices, form=form, shape=shape_of(x)) if i == 0 else _no_slope(indices[i - 1])
        )
    ),
)
SCATTER_AT: Primitive = primitive(
    "scatter_at",
    _added,
    ByPosition(
        lambda t, y, g, *indices, i, form, shape: (
            bind(SCATTER_AT, t, *indices, form=form, shape=shape) if i == 0 else np.zeros(shape)
        )
    ),
    ByPosition(
        lambda h, _, g, *indices, i, form, shape: (
            bind(GATHER, h, *indices, form=form) if i == 0 else _no_slope(indices[i - 1])
        )
    ),
)


def _indexed(x: Any, index: Any) -> Any:
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


implement({"getitem": _indexed})
