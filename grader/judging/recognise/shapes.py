"""Wrong shapes, told by the axes of the inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.judging.recognise.evidence import WITNESSES, Seen
from grader.judging.recognise.recognised import Recognised

__all__ = ["wrong_shape"]

AXES = ("first", "second", "third", "fourth")


def wrong_shape(seen: Sequence[Seen]) -> Recognised | None:
    """Recognise that each axis of an output has the length of an axis of an input, and not of the one that is asked."""
    if sum(s.got.shape != s.right.shape for s in seen) < WITNESSES:
        return None
    got = _named([s.got.shape for s in seen], seen)
    right = _named([s.right.shape for s in seen], seen)
    if got is None or right is None or got == right:
        return None
    return Recognised("wrong_shape", "form", "evidence", {"got": got, "right": right})


def _named(shapes: Sequence[tuple[int, ...]], seen: Sequence[Seen]) -> str | None:
    """Word a shape by the axes of inputs that have its lengths in every case; None if they do not tell it."""
    if len({len(shape) for shape in shapes}) > 1:
        return None
    if not shapes[0]:
        return "()"
    lengths = [dict(_lengths(s.case.inputs)) for s in seen]
    words = []
    for axis in range(len(shapes[0])):
        names = (
            name for name in lengths[0] if all(of.get(name) == sh[axis] for of, sh in zip(lengths, shapes, strict=True))
        )
        constant = {shape[axis] for shape in shapes}
        word = str(constant.pop()) if len(constant) == 1 else next(names, None)
        if word is None:
            return None
        words.append(word)
    return f"({', '.join(words)}{',' if len(words) == 1 else ''})"


def _lengths(inputs: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for name, x in inputs.items():
        if isinstance(x, np.ndarray):
            for axis, length in zip(AXES, x.shape, strict=False):
                yield f"the {axis} axis of {name}", length
