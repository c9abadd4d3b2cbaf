"""The battery, which every course has, catches every declared mistake: what is drawn beside it is for those nobody thought of."""

from __future__ import annotations

import numpy as np
import pytest

from grader.bank import catalogue
from grader.judging import Bench, Case, Exercise, Mistake, Trial

UNITS = catalogue().units


def is_seen(bench: Bench, exercise: Exercise, mistake: Mistake, case: Case) -> bool:
    outputs = bench.wrong_answer(exercise, mistake.name, mistake.answer, case)
    return outputs is None or not all(match.ok for match in Trial(case, outputs).matches)


@pytest.mark.parametrize("unit", UNITS)
def test_a_declared_mistake_needs_no_drawn_case(unit: str) -> None:
    exercises = UNITS[unit].exercises
    bench = Bench(exercises, drawn=0)
    with np.errstate(all="ignore"):
        unseen = [
            f"{exercise.name}: {mistake.name}"
            for exercise in exercises
            for mistake in exercise.mistakes
            if not any(is_seen(bench, exercise, mistake, case) for case in bench.cases(exercise))
        ]
    assert unseen == []
    assert sum(len(exercise.mistakes) for exercise in exercises) > 40
