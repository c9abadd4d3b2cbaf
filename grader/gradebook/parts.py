"""Questions in parts: a database takes a limited number of values at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

__all__ = ["parts"]

T = TypeVar("T")


def parts(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Give things in lists of ``size``, the last one shorter."""
    left = iter(things)
    while part := list(islice(left, size)):
        yield part
