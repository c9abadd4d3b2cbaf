"""Other answers than the model's: wrong ones, with what to say of them, and second ones that are accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["GUARDS", "Mistake", "Variant"]


@dataclass(frozen=True)
class Mistake:
    """A named wrong answer, with what to say to the student who made it.

    ``carries`` is False for a wrong forward pass whose own backward pass is trivial: a backward pass that fits it earns nothing.
    ``hidden`` is the reason for which no public check rejects it on a student's machine; without one, a public check must, and
    the hint that follows must name it (``gradmark validate``).
    ``from_model``: the answer is made from the model answer. ``where``: the file and line of its declaration.
    """

    name: str
    text: str
    answer: Callable[..., Any]
    carries: bool = True
    hidden: str = ""
    from_model: bool = False
    where: str = ""


GUARDS = (1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 1e-16)
"""The small constants that people add to a denominator or to a logarithm's argument, where nothing is there to guard."""


@dataclass(frozen=True)
class Variant:
    """A second answer that is accepted, with a policy's name as the note; ``name`` tells it from the others of its exercise."""

    note: str
    answer: Callable[..., Any]
    name: str
