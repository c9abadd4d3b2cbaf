"""No right answer is rejected by a student's own checks, which have rounded answers and prints in the place of model answers."""

from __future__ import annotations

import warnings

import pytest
from gallery import NOTED_OF_UNITS, RIGHT, RIGHT_OF_UNITS, RIGHT_WITH_NOTE, Entry

from grader.diagnosis import explain
from grader.judging import Judge
from grader.student import LocalAnswers, public_unit

OF_UNITS = [*RIGHT_OF_UNITS.values(), *NOTED_OF_UNITS.values()]
ALL = [*RIGHT, *RIGHT_WITH_NOTE, *(entry for entries in OF_UNITS for entry in entries)]


@pytest.mark.parametrize("entry", ALL, ids=lambda entry: entry.ident)
def test_a_right_answer_passes_all_public_checks(entry: Entry) -> None:
    namespace = entry.namespace()
    for name in entry.exercises:
        given = public_unit(name.partition(".")[0])
        exercise = given.exercises[name].exercise
        answers = LocalAnswers(namespace, source=entry.source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # right code may warn on its way to the right value
            verdicts = Judge(answers, given.bench).verdicts(exercise)
            said = explain(exercise, verdicts, answers, given.bench)
        pairs = zip(verdicts, said, strict=True)
        assert [(v.check.name, e.message) for v, e in pairs if v.status != "passed"] == []
