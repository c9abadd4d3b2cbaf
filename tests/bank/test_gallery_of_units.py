"""The exam of the units beside layers and optimizers: no right answer is rejected, no wrong one accepted; the share named."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import exam
import pytest
from gallery import NOTED_OF_UNITS, RIGHT_OF_UNITS, WITH_TRUTH, WRONG_OF_UNITS, Entry
from sampled import one_in

from grader.bank import catalogue
from grader.judging import Exercise, Judge, Verdict, points
from grader.student import LocalAnswers

RIGHT = [entry for entries in RIGHT_OF_UNITS.values() for entry in entries]
WRONG = [entry for entries in WRONG_OF_UNITS.values() for entry in entries]
UNTOLD = [entry for unit, entries in WRONG_OF_UNITS.items() if unit not in WITH_TRUTH for entry in entries]
NOTED = [entry for entries in NOTED_OF_UNITS.values() for entry in entries]
ASKED = ("question", "prediction")


def judged(entry: Entry, namespace: Mapping[str, Any], exercise: Exercise) -> list[Verdict]:
    """Judge an exercise of an entry, whose source can be read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Judge(LocalAnswers(namespace, source=entry.source), exam.bench(exercise.unit)).verdicts(exercise)


@pytest.mark.parametrize("entry", RIGHT, ids=lambda entry: entry.ident)
def test_a_right_answer_earns_every_point(entry: Entry) -> None:
    namespace = entry.namespace()
    for name in entry.exercises:
        found = judged(entry, namespace, catalogue().exercise(name))
        assert [(v.check.name, v.status) for v in found if v.status != "passed"] == []


@pytest.mark.parametrize("entry", NOTED, ids=lambda entry: entry.ident)
def test_an_answer_that_the_course_decides_on_earns_every_point_with_a_note(entry: Entry) -> None:
    (name,) = entry.exercises
    found = judged(entry, entry.namespace(), catalogue().exercise(name))
    assert [(v.check.name, v.status) for v in found if v.status != "passed"] == []
    assert {note for v in found for note in v.notes} == {entry.policy}


@pytest.mark.parametrize("name", dict.fromkeys(name for entry in WRONG for name in entry.exercises))
def test_a_wrong_answer_loses_points(name: str) -> None:
    exercise = catalogue().exercise(name)
    for entry in (entry for entry in WRONG if entry.exercises == (name,)):
        assert points(judged(entry, entry.namespace(), exercise)) < exercise.points, f"{entry.ident}: {entry.why}"


def test_a_wrong_answer_is_of_one_exercise() -> None:
    assert [entry.ident for entry in WRONG if len(entry.exercises) != 1] == []


@pytest.mark.parametrize("entry", one_in(8, UNTOLD), ids=lambda entry: entry.ident)
def test_a_wrong_answer_is_told_something(entry: Entry, record_property: Callable[[str, object], None]) -> None:
    """Of an eighth of those of which ``test_told.py`` tells nothing: to explain an answer takes longer than to judge it."""
    (name,) = entry.exercises
    found = exam.told_of(entry.namespace(), entry.source, catalogue().exercise(name))
    assert any(e.message for e in found)
    record_property("explained", "named" if any(e.diagnosis for e in found) else "not")


@pytest.mark.parametrize("unit", RIGHT_OF_UNITS)
def test_every_exercise_stands_in_it_rightly_and_wrongly(unit: str) -> None:
    asked = {e.name for e in catalogue().unit(unit).exercises if e.form not in ASKED}
    right = {name for entry in RIGHT_OF_UNITS[unit] for name in entry.exercises}
    wrong = [name for entry in WRONG_OF_UNITS[unit] for name in entry.exercises]
    assert sorted(asked - right) == []
    assert sorted(name for name in asked if wrong.count(name) < 2) == []
    assert len(RIGHT_OF_UNITS[unit]) >= 12
    assert len(wrong) >= 25


def test_an_entry_imports_only_numpy_and_the_standard_library() -> None:
    for entry in (*RIGHT, *NOTED, *WRONG):
        for node in ast.walk(ast.parse(entry.source)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                of = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
                assert {module for module in of if module not in sys.stdlib_module_names} <= {"numpy"}, entry.ident


def test_identifiers_are_unique() -> None:
    names = [entry.ident for entry in (*RIGHT, *NOTED, *WRONG)]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
