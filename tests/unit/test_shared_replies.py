"""What many submissions answer alike is read once and compared once; what one answers otherwise is its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from grader.bank import catalogue
from grader.judging import Bench, Chain, Exercise, Reply, Returned
from grader.judging.asking import replay
from grader.runtime.calls.reading import returned
from grader.runtime.inside import encode

CAP = 1 << 20


def crossed(value: Any, watched: bool = False) -> Returned:
    return returned(encode(value, CAP), watched)


def test_the_same_bytes_are_one_reply_that_nobody_can_change() -> None:
    """Rejects a reply through which the judge of one submission could change the answer of the next."""
    reply = crossed([np.zeros(2), {"a": (np.ones(1),)}])
    assert reply.shared
    assert crossed([np.zeros(2), {"a": (np.ones(1),)}]) is reply
    for array in (reply.value[0], reply.value[1]["a"][0]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_answers_that_differ_in_any_way_are_two_replies() -> None:
    """Rejects a memory that takes -0.0 for 0.0, 1 for 1.0 or True, or a watched call for one that was not."""
    values: list[Any] = [
        0.0,
        -0.0,
        0,
        False,
        np.zeros(1),
        np.zeros((1, 1)),
        np.zeros(1, dtype=np.float32),
        (0.0,),
        [0.0],
    ]
    replies = [crossed(value) for value in values]
    assert len({id(reply) for reply in replies}) == len(values)
    assert [repr(reply.value) for reply in replies] == [repr(value) for value in values]
    watched, not_watched = crossed((1.0, (0,)), watched=True), crossed((1.0, (0,)))
    assert (watched.value, watched.mutated) == (1.0, (0,))
    assert (not_watched.value, not_watched.mutated) == ((1.0, (0,)), ())


def test_a_large_answer_is_not_remembered() -> None:
    """Rejects a memory that a few submissions with large answers fill."""
    reply = crossed(np.zeros(1000))
    assert not reply.shared
    assert crossed(np.zeros(1000)) is not reply


class Same:
    """Answers with the same replies again and again."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = replies

    def attempt(self, function: str) -> Any:
        return "attempted"

    def source(self, function: str) -> str | None:
        return None

    def put(self, chains: Sequence[Chain]) -> Iterator[tuple[Reply, ...]]:
        return (self._replies for _ in chains)


@pytest.fixture(scope="module")
def divide() -> Exercise:
    return catalogue().exercise("chain_rule.divide_local")


def test_a_trial_of_a_shared_reply_is_made_once_for_each_case(divide: Exercise) -> None:
    """Rejects a trial that is made for each submission, and one that is taken for that of another case."""
    cases = Bench([divide]).cases(divide)[:3]
    shared, own = Returned((0.5, 0.5), shared=True), Returned((0.5, 0.5))
    first, second = (replay(Same(shared), cases) for _ in range(2))
    assert all(a is b for a, b in zip(first, second, strict=True))
    assert [trial.case for trial in first] == [*cases]
    third, fourth = (replay(Same(own), cases) for _ in range(2))
    assert not any(a is b for a, b in zip(third, fourth, strict=True))
