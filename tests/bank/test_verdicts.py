"""The grader's own exam: no right answer of the gallery is rejected, no wrong one accepted."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import exam
import numpy as np
import pytest
from gallery import RIGHT, RIGHT_WITH_NOTE, WRONG, Entry

from grader.bank import catalogue
from grader.judging import Inconstant, points

NOTES = {
    # A policy of the gallery, and the notes under which a verdict may say it. Where numpy's own conversion already gives
    # what was asked (a 0-d array for a number, a list of the outputs), or the difference is within rounding, none is due.
    "guard_epsilon": {"guard_epsilon"},
    "epsilon_hat": {"epsilon_hat"},
    "mutation": {"mutation"},
    "precision": {"precision", None},
    "shape": {"row_vector", "scalar_shape", None},
    "list": {"list_for_array", None},
}


@pytest.mark.parametrize("entry", RIGHT, ids=lambda entry: entry.ident)
def test_a_right_answer_earns_every_point(entry: Entry) -> None:
    namespace = entry.namespace()
    for name in entry.exercises:
        judged = exam.verdicts(namespace, catalogue().exercise(name))
        assert [(v.check.name, v.fact) for v in judged if v.status != "passed"] == []


@pytest.mark.parametrize("entry", RIGHT_WITH_NOTE, ids=lambda entry: entry.ident)
def test_an_answer_that_is_right_in_substance_passes_under_its_policy(entry: Entry) -> None:
    namespace = entry.namespace()
    seen: set[str | None] = set()
    for name in entry.exercises:
        judged = exam.verdicts(namespace, catalogue().exercise(name))
        assert [(v.check.name, v.fact) for v in judged if v.status != "passed"] == []
        seen |= {note for v in judged for note in v.notes}
    assert (seen or {None}) & NOTES[entry.policy]


@pytest.mark.parametrize("entry", WRONG, ids=lambda entry: entry.ident)
def test_a_wrong_answer_loses_points(entry: Entry, record_property: Callable[[str, object], None]) -> None:
    (name,) = entry.exercises
    exercise = catalogue().exercise(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = exam.explained(entry.namespace(), exercise)
    judged = [verdict for verdict, _ in told]
    assert points(judged) < exercise.points, entry.why
    assert any(v.status != "passed" for v in judged if v.check.kind == "value"), entry.why
    record_property("explained", "named" if any(e.diagnosis for _, e in told) else "not")


def test_a_choice_by_lot_is_no_answer_even_where_any_choice_is_right() -> None:
    """At a tie every division of the bar is accepted, but the same question must have the same answer."""
    exercise, rng = catalogue().exercise("graphs.max_gate"), np.random.default_rng()

    def max_gate(bar: Any, a: Any, b: Any) -> Any:
        part = np.where(a == b, rng.random(np.shape(a)), a > b)
        return bar * part, bar * (1 - part)

    facts = [v.fact for v in exam.verdicts({"max_gate": max_gate}, exercise)]
    assert any(isinstance(fact, Inconstant) for fact in facts)
