"""The trial of a claim about a regime on fresh inputs: some inside the regime, and some outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from grader.judging.asking import Answers, Failure, Trial, ask, replay
from grader.judging.cases import Bench, Case
from grader.judging.declare import Exercise, Recipe
from grader.judging.recognise.evidence import floats
from grader.judging.recognise.recognised import Recognised

__all__ = ["ENOUGH", "confirmed", "further_trials", "ordinary"]

ENOUGH = 10
"""Fresh cases on each side that must be as the claim says, all of them."""
DRAWN = 40
"""Recipes that are drawn for them at most."""
FIRST = 1000
"""The first seed of fresh recipes: no case of the corpus has it."""
ORDINARY = ("randn", "odd")
APART, APART_FROM = 32, 2000
"""Fresh cases of unlike dimensions, and the first of their seeds."""
FAR = 1000.0
FURTHER = 32
"""Further cases for what is told on evidence."""
VALUES = (0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 5.0, 12.0, -12.0, 25.0, -25.0)
"""What their entries are changed to."""
SHOWN = 4
"""Of them so many at least must show the fault, where a regime makes it possible and not certain."""
Says = Callable[[Trial, int], bool]
Side = tuple[Callable[[Case], bool], tuple[str, ...], Says, Says]
"""One side of a regime: which cases belong to it, their styles, what holds of every answer, and what some answers show."""


def _right(trial: Trial, output: int) -> bool:
    return trial.failure is None and trial.matches[output].ok


def _wrong(trial: Trial, output: int) -> bool:
    return trial.failure is None and not trial.matches[output].ok


def _not_finite(trial: Trial, output: int) -> bool:
    return _wrong(trial, output) and not np.isfinite(np.asarray(trial.outputs[output], dtype=np.float64)).all()


def _right_or_not_finite(trial: Trial, output: int) -> bool:
    return _right(trial, output) or _not_finite(trial, output)


def _answered(trial: Trial, _: int) -> bool:
    return trial.failure is None


def _one_row(case: Case) -> bool:
    first = next((x for x in case.inputs.values() if isinstance(x, np.ndarray) and x.ndim), None)
    return first is not None and first.shape[0] == 1


def _rows(case: Case) -> bool:
    return not _one_row(case)


def _any(_: Case) -> bool:
    return True


SIDES: dict[str, tuple[Side, Side]] = {
    "only_single_row": ((_one_row, ("randn",), _right, _right), (_rows, ("randn",), _wrong, _wrong)),
    "large_only": ((_any, ("large",), _answered, _wrong), (_any, ORDINARY, _right, _right)),
    "not_finite_for_large": ((_any, ("large",), _answered, _wrong), (_any, ORDINARY, _right, _right)),
    "overflow": ((_any, ("large",), _right_or_not_finite, _not_finite), (_any, ORDINARY, _right, _right)),
    "only_at_ties": ((_any, ("ties",), _answered, _wrong), (_any, ORDINARY, _right, _right)),
    "undefined_at_ties": ((_any, ("ties",), _right_or_not_finite, _not_finite), (_any, ORDINARY, _right, _right)),
}
"""The two sides of each claim about a regime, by the claim's code."""


def confirmed(
    found: Recognised, exercise: Exercise, output: int, answers: Answers, bench: Bench, documented: bool
) -> bool:
    """Return True if a claim holds on enough fresh cases inside and outside its regime; a claim about no regime needs none.

    Args:
        found: the claim.
        exercise: what was asked.
        output: the output that the claim is about.
        answers: asked at the fresh cases.
        bench: makes them.
        documented: use the cache that the stub documents.

    """
    if found.code == "zero":
        return _zero_far_out(exercise, output, answers, bench)
    if found.code not in SIDES or not bench.knows_answers:
        return True
    for belongs, styles, of_all, of_some in SIDES[found.code]:
        cases = list(islice(_drawn(exercise, bench, belongs, styles), ENOUGH))
        trials = replay(answers, cases, documented)
        if len(trials) < ENOUGH or not all(of_all(trial, output) for trial in trials):
            return False
        if sum(of_some(trial, output) for trial in trials) < SHOWN:
            return False
    return True


def further_trials(exercise: Exercise, answers: Answers, bench: Bench, documented: bool) -> list[Trial]:
    """Ask at further cases, of all regimes, lengths and with single entries changed, on which coincidences fall apart.

    Args:
        exercise: what was asked.
        answers: asked at the cases.
        bench: makes them; without the model answers there are none.
        documented: use the cache that the stub documents.

    """
    if not bench.knows_answers or not exercise.inputs:
        return []
    made = (bench.make(exercise, recipe) for recipe in _mixed(exercise.regimes))
    return replay(answers, [case for case in made if case is not None], documented)


def ordinary(exercise: Exercise, bench: Bench) -> Iterator[Case]:
    """Yield fresh cases of ordinary numbers, whose dimensions are two and more and differ: in which places can be told apart.

    Without the model answers there are none.
    """
    rng = np.random.default_rng(FIRST)
    for number in range(APART if bench.knows_answers and exercise.inputs else 0):
        sizes = tuple(int(size) for size in rng.permutation(np.arange(2, 7)))
        case = bench.make(exercise, Recipe("randn", sizes, APART_FROM + number))
        if case is not None:
            yield case


def _mixed(regimes: tuple[str, ...]) -> Iterator[Recipe]:
    """Yield recipes of all regimes in turn: every other one with entries edited."""
    rng = np.random.default_rng(FIRST)
    styles = ("randn", *regimes)
    for number in range(FURTHER):
        sizes = tuple(int(size) for size in rng.integers(1, 6, 5))
        edits = tuple(
            (int(a), int(b), float(v))
            for a, b, v in zip(*rng.integers(0, 60, (2, 3)), rng.choice(VALUES, 3), strict=True)
        )
        yield Recipe(styles[number % len(styles)], sizes, FIRST + number, edits if number % 2 else ())


def _zero_far_out(exercise: Exercise, output: int, answers: Answers, bench: Bench) -> bool:
    """Return False if an output that was always 0 is not where numbers are a thousand times as large: it was cut, then."""
    cases = [case for case in bench.cases(exercise) if case.regime == "randn"][:ENOUGH]
    plans = [exercise.plan({name: _far_out(x) for name, x in case.inputs.items()}) for case in cases]
    came = [None if isinstance(o, Failure) else o[output] for o in ask(answers, plans)]
    return all(x is None or not np.any(floats(x)) for x in came)


def _far_out(x: Any) -> Any:
    return FAR * x if type(x) is float or (isinstance(x, np.ndarray) and x.dtype == np.float64) else x


def _drawn(
    exercise: Exercise, bench: Bench, belongs: Callable[[Case], bool], styles: tuple[str, ...]
) -> Iterator[Case]:
    rng = np.random.default_rng(FIRST)
    for number in range(DRAWN):
        sizes = rng.integers(2, 6, 5)
        sizes[0] = 1 if number % 2 else sizes[0]
        recipe = Recipe(styles[number % len(styles)], tuple(int(size) for size in sizes), FIRST + number)
        case = bench.make(exercise, recipe)
        if case is not None and belongs(case):
            yield case
