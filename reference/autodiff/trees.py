"""Nested tuples, lists and dicts of parameters: taken apart into leaves, and put together again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import numpy as np

__all__ = ["flatten", "leaves", "leaves_like", "map_leaves", "owned"]

Rebuild = Callable[[Iterable[Any]], Any]


def leaves(tree: Any) -> Iterator[Any]:
    """Yield the leaves of nested tuples, lists and dicts, in order; anything else is a leaf itself."""
    if isinstance(tree, dict):
        for value in tree.values():
            yield from leaves(value)
    elif isinstance(tree, (tuple, list)):
        for value in tree:
            yield from leaves(value)
    else:
        yield tree


def flatten(tree: Any) -> tuple[list[Any], Rebuild]:
    """List the leaves of a tree; return them with a function that puts other leaves in their places."""
    return list(leaves(tree)), lambda new: _rebuilt(tree, iter(new))


def _rebuilt(tree: Any, new: Iterator[Any]) -> Any:
    if not isinstance(tree, (dict, tuple, list)):
        return next(new)
    if isinstance(tree, dict):
        return {key: _rebuilt(value, new) for key, value in tree.items()}
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(_rebuilt(value, new) for value in tree))
    return type(tree)([_rebuilt(value, new) for value in tree])


def leaves_like(first: Any, other: Any) -> Iterator[Any]:
    """Yield the leaves of ``other`` in the order of ``first``: entries of a dict belong together by their keys.

    Raises:
        ValueError: the two have not one structure.

    """
    if isinstance(first, dict):
        if not isinstance(other, dict) or first.keys() != other.keys():
            raise ValueError(f"a dict with the keys {list(first)} was expected, this is {_shown(other)}")
        for key, value in first.items():
            yield from leaves_like(value, other[key])
    elif isinstance(first, (tuple, list)):
        if not isinstance(other, (tuple, list)) or len(first) != len(other):
            raise ValueError(f"a tuple or list of {len(first)} was expected, this is {_shown(other)}")
        for one, two in zip(first, other, strict=True):
            yield from leaves_like(one, two)
    elif isinstance(other, (dict, tuple, list)):
        raise ValueError(f"an array or a number was expected, this is {_shown(other)}")
    else:
        yield other


def _shown(tree: Any) -> str:
    if isinstance(tree, dict):
        return f"a dict with the keys {list(tree)}"
    return f"a {type(tree).__name__}" + (f" of {len(tree)}" if isinstance(tree, (tuple, list)) else "")


def map_leaves(f: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """Apply ``f`` to corresponding leaves of trees of one structure; return a tree like the first."""
    first, rebuild = flatten(tree)
    return rebuild(f(*group) for group in zip(first, *(leaves_like(tree, other) for other in others), strict=True))


def owned(results: list[Any], taken: Collection[int] = ()) -> list[Any]:
    """Give each array in ``results`` memory of its own, in place: whoever gets it may write into it, and changes nothing else.

    Copied are views, an array that stands there twice, and one whose ``id`` is in ``taken``.
    """
    seen: set[int] = set()
    for i, x in enumerate(results):
        if isinstance(x, np.ndarray):
            if x.base is not None or id(x) in seen or id(x) in taken:
                results[i] = np.array(x)
            else:
                seen.add(id(x))
    return results
