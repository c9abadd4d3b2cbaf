"""Winnowing (Schleimer, Wilkerson, Aiken, SIGMOD 2003): of a text's k-grams a few that any long enough shared stretch must share.

Every stretch of ``GRAM + WINDOW - 1`` tokens that two texts share shows in their chosen grams, wherever it stands; none shorter
than ``GRAM`` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

from grader.similarity.syntax import Token

__all__ = ["GRAM", "WINDOW", "grams", "winnowed"]

GRAM, WINDOW = 12, 5
"""A line such as ``dw = x.T @ dout`` has some eight tokens: what is shared goes over a line's end."""


def grams(row: Sequence[Token]) -> list[int]:
    """Return a number for each stretch of GRAM tokens, in their order; none of a row that is shorter."""
    kinds = tuple(token.kind for token in row)
    return list(_grams(kinds))


@lru_cache(maxsize=1 << 14)
def _grams(kinds: tuple[str, ...]) -> tuple[int, ...]:
    each = [blake2b(kind.encode("utf-8", "replace"), digest_size=8).digest() for kind in kinds]
    stretches = (b"".join(each[i : i + GRAM]) for i in range(len(each) - GRAM + 1))
    return tuple(int.from_bytes(blake2b(stretch, digest_size=8).digest(), "big") for stretch in stretches)


def winnowed(numbers: Sequence[int]) -> dict[int, list[int]]:
    """Return the chosen grams with their places: of each window the smallest, the last of equal ones."""
    places: dict[int, list[int]] = {}
    before = -1
    for start in range(max(1, len(numbers) - WINDOW + 1) if numbers else 0):
        window = range(start, min(start + WINDOW, len(numbers)))
        chosen = min(window, key=lambda place: (numbers[place], -place))
        if chosen != before:
            places.setdefault(numbers[chosen], []).append(chosen)
            before = chosen
    return places
