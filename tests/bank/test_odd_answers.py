"""Answers of no form that was asked for: each is judged, none is mistaken for a fault of the grader, none is right."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import exam
import numpy as np
import pytest
from sampled import one_in

from grader.bank import catalogue
from grader.diagnosis import explain
from grader.judging import Bench, Call, Chain, Exercise, Judge, Refused, Returned, points
from grader.judging.asking import same_answer
from grader.student import LocalAnswers

ODD: dict[str, Any] = {
    "a string": "hello",
    "nothing": None,
    "a truth": True,
    "a large integer": 10**30,
    "not a number": float("nan"),
    "a complex number": 1j,
    "a dict": {"a": 1.0},
    "a dict of arrays": {"dx": np.ones((2, 2))},
    "a list": [1.0, 2.0],
    "a ragged list": [[1.0], [1.0, 2.0]],
    "a nested list": [[[["x"]]]],
    "a list of nothings": [None, None],
    "an empty tuple": (),
    "dicts": ({"a": 1}, {"b": 2}),
    "a mixed tuple": (1.0, "x", None),
    "an empty array": np.empty(0),
    "an array of integers": np.full((2, 2), 7),
    "an array of truths": np.ones((2, 2), bool),
    "a narrow array": np.ones((2, 2), np.float32),
    "infinities": np.full((2, 2), np.inf),
    "another shape": np.full((1, 2, 3), 0.1),
}
ODD_BENCH = {unit: Bench(catalogue().unit(unit).exercises, drawn=6) for unit in catalogue().units}
EXERCISES = list(
    {
        (unit.name, e.form, len(e.outputs) > 1): e
        for unit in catalogue().units.values()
        for e in reversed(unit.exercises)
        if e.inputs and "deep" not in e.name
    }.values()
)
"""Of each unit one exercise a form, with one output and with several: what an odd answer meets is the form, not the formula."""


def wrong_ways(answer: Callable[..., Any], odd: Any, outputs: int) -> Iterator[Callable[..., Any]]:
    """Functions that return ``odd``: always, in each place, in the first, in the last, now and then."""
    asked = 0

    def first(*args: Any, **more: Any) -> Any:
        right = answer(*args, **more)
        return (odd, *right[1:]) if isinstance(right, tuple) else odd

    def last(*args: Any, **more: Any) -> Any:
        right = answer(*args, **more)
        return (*right[:-1], odd) if isinstance(right, tuple) and outputs > 1 else (odd, right)

    def now_and_then(*args: Any, **more: Any) -> Any:
        nonlocal asked
        asked += 1
        return odd if asked % 5 == 0 else answer(*args, **more)

    yield lambda *_, **__: odd
    yield lambda *_, **__: (odd,) * max(2, outputs)
    yield from (first, last, now_and_then)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.name)
def test_an_answer_of_another_form_is_judged_and_earns_less(exercise: Exercise) -> None:
    models, bench = exam.models(exercise.unit), ODD_BENCH[exercise.unit]
    values = (
        1 if exercise.function.endswith("_forward") else len(exercise.outputs)
    )  # behind these is a cache, of any form
    for what, odd in one_in(5, ODD.items(), start=EXERCISES.index(exercise)):  # each kind with every fifth exercise
        for number, wrong in enumerate(wrong_ways(models[exercise.function], odd, values)):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                answers = LocalAnswers({**models, exercise.function: wrong})
                judged = Judge(answers, bench).verdicts(exercise)
                assert len(explain(exercise, judged, answers, bench)) == len(judged)
            assert points(judged) < exercise.points, f"{what}, way {number}"
            assert "grader_error" not in {v.status for v in judged}


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e.pair], ids=lambda e: e.name)
def test_a_forward_pass_of_another_form_leaves_its_backward_pass_judged(exercise: Exercise) -> None:
    models, bench = exam.models(exercise.unit), ODD_BENCH[exercise.unit]
    assert exercise.pair is not None
    for what, odd in ODD.items():
        for wrong in wrong_ways(models[exercise.pair], odd, 1):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                answers = LocalAnswers({**models, exercise.pair: wrong})
                judged = Judge(answers, bench).verdicts(exercise)
                assert len(explain(exercise, judged, answers, bench)) == len(judged)
            values = {v.status for v in judged if v.check.kind == "value"}
            assert values <= {"passed", "wrong", "raised", "skipped"}, what


class Contrary:
    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __hash__(self) -> int:
        return 0


ENDLESS: list[Any] = []
ENDLESS.append(ENDLESS)


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({1, 2}, "it returned a set object, which cannot be graded"),
        ([Contrary()], "it returned a Contrary object, which cannot be graded"),
        (np.array([None, {}]), "it returned an array of dtype object, which cannot be graded"),
        (np.str_("a"), "it returned an array of dtype <U1, which cannot be graded"),
        (np.ones(2, np.longdouble), "which cannot be graded"),
        ({1: 2}, "it returned a dict whose keys are not all strings, which cannot be graded"),
        (ENDLESS, "it returned a value that is nested too deeply, which cannot be graded"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_no_kernel_would_hand_out_is_refused_on_a_students_machine_too(odd: Any, said: str) -> None:
    ((reply,),) = LocalAnswers({"relu_backward": lambda *_: odd}).put([Chain((Call("layers.relu_backward"),))])
    assert isinstance(reply, Refused)
    assert said in reply.reason


def test_what_a_kernel_hands_out_comes_as_plain_data() -> None:
    given = {"a": np.float64(2.0), "b": (np.ma.masked_array([1.0, 2.0]), [True, None, "x", 1])}
    ((reply,),) = LocalAnswers({"relu_backward": lambda *_: given}).put([Chain((Call("layers.relu_backward"),))])
    assert isinstance(reply, Returned)
    assert type(reply.value["a"]) is np.ndarray
    assert type(reply.value["b"][0]) is np.ndarray
    assert reply.value["b"][1] == [True, None, "x", 1]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (np.ones(2), np.ones(2), True),
        (np.ones(2), np.ones(2) * (1 + 1e-15), True),
        (np.array([np.nan, 1.0]), np.array([np.nan, 1.0]), True),
        (np.ones(2), np.ones(3), False),
        (np.ones(2), np.ones(2, np.float32), False),
        (np.ones(2), [1.0, 1.0], False),
        ([1.0, [2.0]], (1.0, [2.0]), True),
        ([1.0], 1.0, False),
        ({"a": np.ones(2)}, {"a": np.ones(2)}, True),
        ({"a": np.ones(2)}, {"a": np.zeros(2)}, False),
        ({"a": 1}, {"b": 1}, False),
        ({"a": 1}, None, False),
        ("x", "x", True),
        (float("nan"), float("nan"), True),
        (1.0, None, False),
    ],
)
def test_whether_two_answers_are_the_same(a: Any, b: Any, same: bool) -> None:
    assert same_answer(a, b) is same
    assert same_answer(b, a) is same
