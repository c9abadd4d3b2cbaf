"""A share of what is too much for each run, the same share each time; all of it where ``GRADMARK_TESTS=all`` is set."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

__all__ = ["ALL", "ends", "one_in"]

ALL = os.environ.get("GRADMARK_TESTS") == "all"
Item = TypeVar("Item")


def one_in(count: int, items: Iterable[Item], start: int = 0) -> list[Item]:
    """Return one of so many items, beginning with the one at ``start``, counted round."""
    return [*items] if ALL else [*items][start % count :: count]


def ends(items: Iterable[Item]) -> list[Item]:
    """Return the first and the last item, for what is the same at all between: the strongest and the weakest of levels."""
    found = [*items]
    return found if ALL else [*dict.fromkeys((found[0], found[-1]))]
