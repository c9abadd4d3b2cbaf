"""Places and invariants: what the axes of an output are called, and what holds of every right answer without a right one at hand.

Both serve the diagnosis alone: they decide no mark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Axes", "Blocks", "Invariant", "misdeclared"]

Residual = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Blocks:
    """An axis that is made of equal blocks side by side: the gates of an LSTM, the heads of an attention.

    Args:
        name: what a block is called, ``gate``.
        names: the blocks in their order, as they stand before what a block is called:
            ``("input", "forget", "output", "candidate")``, so that a sentence can speak of the forget gate.

    """

    name: str
    names: tuple[str, ...]


Axes = tuple[str | Blocks, ...]
"""The axes of one output, outermost first: what an entry along each is called (``step``), or the blocks that it is made of."""


@dataclass(frozen=True)
class Invariant:
    """A relation that every right answer satisfies, and that can be seen without a right one at hand.

    Args:
        name: telling, unique in its exercise.
        text: what the student reads whose answer breaks it: the relation, a semicolon, and that theirs does not satisfy it:
            "Each row of a softmax's gradient sums to 0; yours do not.".
        residual: from the inputs and the outputs, both by name, an array that is 0 to rounding for a right answer. The outputs
            are float arrays of the right shapes. Written with def, of numpy (``np``) and ``helpers`` alone: its source travels
            with the public data. The judge finds out what rounding makes of it.
        helpers: plain functions that the residual calls.

    """

    name: str
    text: str
    residual: Residual
    helpers: tuple[Callable[..., Any], ...] = ()

    @property
    def statement(self) -> str:
        """Return the relation alone, without what is said of an answer that breaks it."""
        return self.text.partition("; ")[0]


def misdeclared(outputs: Sequence[str], places: Mapping[str, Axes], invariants: Sequence[Invariant]) -> str:
    """Say what cannot be right in places and invariants, as far as no answer is needed to see it; else return an empty text."""
    for output, axes in places.items():
        if output not in outputs:
            return f"places names {output}, which is no output; there are {', '.join(outputs)}"
        names = [axis.name if isinstance(axis, Blocks) else axis for axis in axes]
        if len(set(names)) < len(names):
            return f"two axes of {output} have one name in {names}; name each its own"
        for axis in axes:
            if isinstance(axis, Blocks) and (len(axis.names) < 2 or len(set(axis.names)) < len(axis.names)):
                return f"the blocks {axis.name} of {output} are {list(axis.names)}; name two or more, each its own"
    known: set[str] = set()
    for invariant in invariants:
        if invariant.name in known:
            return f"two invariants are named {invariant.name}; name each its own"
        known.add(invariant.name)
        if "; " not in invariant.text:
            return f"the text of the invariant {invariant.name} has no '; ': state the relation, and behind it what yours does"
    return ""
