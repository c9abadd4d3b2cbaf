"""Nested tuples, lists and dicts of parameters: taken apart into leaves, and put together again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

__all__ = ["flatten", "leaves", "map_leaves"]

Rebuild = Callable[[Iterable[Any]], Any]


def leaves(tree: Any) -> Iterator[Any]:
    """What is in a nested tuple, list or dict, in order; anything else is a leaf itself."""
    if isinstance(tree, dict):
        for value in tree.values():
            yield from leaves(value)
    elif isinstance(tree, (tuple, list)):
        for value in tree:
            yield from leaves(value)
    else:
        yield tree


def flatten(tree: Any) -> tuple[list[Any], Rebuild]:
    """The leaves of a tree, and a function that puts other leaves in their places."""
    return list(leaves(tree)), lambda new: _rebuilt(tree, iter(new))


def _rebuilt(tree: Any, new: Iterator[Any]) -> Any:
    if not isinstance(tree, (dict, tuple, list)):
        return next(new)
    if isinstance(tree, dict):
        return {key: _rebuilt(value, new) for key, value in tree.items()}
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(_rebuilt(value, new) for value in tree))
    return type(tree)([_rebuilt(value, new) for value in tree])


def map_leaves(f: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """``f`` of corresponding leaves of trees of one structure, in the structure of the first."""
    first, rebuild = flatten(tree)
    return rebuild(f(*group) for group in zip(first, *(list(leaves(other)) for other in others), strict=True))
