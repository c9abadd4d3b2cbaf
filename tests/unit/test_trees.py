"""Nested parameters belong together by structure and by key, never by the order in which somebody wrote them down."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from reference.autodiff import flatten, jvp, leaves, map_leaves, vjp


class Layer(NamedTuple):
    W: Any
    b: Any


def test_what_is_taken_apart_is_put_together() -> None:
    tree = {"a": [1.0, (2.0, Layer(3.0, 4.0))], "b": {}}
    found, rebuild = flatten(tree)
    assert found == [1.0, 2.0, 3.0, 4.0] == list(leaves(tree))
    assert rebuild(10 * x for x in found) == {"a": [10.0, (20.0, Layer(30.0, 40.0))], "b": {}}
    assert isinstance(rebuild(found)["a"][1][1], Layer)


def test_entries_of_dicts_meet_by_key() -> None:
    """By order, W would get the gradient of b."""
    assert map_leaves(lambda x, y: x - y, {"a": 5, "b": 7}, {"b": 2, "a": 1}) == {"a": 4, "b": 5}
    _, tangent = jvp(lambda p: p["a"] * 2.0, ({"a": 1.0, "b": 1.0},), ({"b": 0.0, "a": 1.0},))
    assert tangent == 2.0
    _, pull = vjp(lambda x: {"a": 2.0 * x, "b": 3.0 * x}, 1.0)
    assert pull({"b": 0.0, "a": 1.0})[0] == 2.0


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"a": 1.0, "c": 1.0}, r"keys \['a', 'b'\] was expected, this is a dict with the keys \['a', 'c'\]"),
        ([1.0, 2.0], r"a dict with the keys \['a', 'b'\] was expected, this is a list of 2"),
        ({"a": 1.0, "b": [1.0]}, r"a tuple or list of 2 was expected, this is a list of 1"),
        ({"a": [1.0], "b": [1.0, 2.0]}, "an array or a number was expected, this is a list of 1"),
        ({"a": 1.0, "b": np.ones(2)}, "a tuple or list of 2 was expected, this is a ndarray"),
    ],
)
def test_trees_of_two_structures_are_refused(other: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        map_leaves(lambda x, y: x, {"a": 1.0, "b": [1.0, 2.0]}, other)
