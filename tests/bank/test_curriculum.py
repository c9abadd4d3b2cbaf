"""The course as a whole: exercises of every form, and in each unit what grades judgement.

The lines of the curriculum stand in ``test_<unit>.py``, each with the exercise that asks for it.
"""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest

from grader.bank import catalogue
from grader.judging import Form

UNITS = catalogue().units.values()


def test_a_course_has_at_least_ninety_exercises_and_three_of_every_form() -> None:
    forms = Counter(e.form for unit in UNITS for e in unit.exercises)
    assert forms.total() >= 90
    assert {form: forms[form] for form in get_args(Form) if forms[form] < 3} == {}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_every_unit_grades_judgement_too(unit: object) -> None:
    """Code is cheap to come by: a fault to find, a test to write and a prediction stand in each."""
    forms = {e.form for e in unit.exercises}  # type: ignore[attr-defined]
    assert {"planted fault", "test to write", "prediction"} <= forms


def test_the_worked_example_is_asked_forward_and_in_reverse() -> None:
    for name in ("chain_rule.worked_program", "forward_mode.worked_tangent", "reverse_mode.worked_adjoint"):
        assert any("degrees" in m.name or "degrees" in m.text for m in catalogue().exercise(name).mistakes), name
