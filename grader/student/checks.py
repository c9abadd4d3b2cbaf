"""For students, in their own notebook or terminal: public checks on their own work, in their own process.

Works where only the public part of the bank is installed: the worked examples stand in for the model answers,
and a gradient is held against the slope of the student's own forward pass. Needs numpy and the standard library.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.bank import catalogue, worked_examples
from grader.diagnosis import Explanation, explain
from grader.errors import SubmissionError, UsageError
from grader.judging import Exercise, Judge, PublicBench, Unanswered, Verdict
from grader.student.answers import LocalAnswers
from grader.student.work import is_stub, untouched_faults, work_at

if TYPE_CHECKING:
    from grader.result import ItemResult

__all__ = ["check", "check_path", "hint", "ready", "status"]

Checked = tuple[Verdict, Explanation]
MARKS = {"passed": "✓", "not_attempted": "·", "missing": "·", "skipped": "–"}


def check(*names: str) -> None:
    """Run the public checks of some exercises and print what they say.

    Args:
        names: full names, ``"layers.relu_backward"``. The function is taken from the notebook (or module) that calls,
            else from ``exercises``.

    Raises:
        UsageError: there is no such exercise; the message names the closest.

    """
    for name in names:
        exercise = catalogue().exercise(name)
        print(_report(exercise, _checked(exercise, _functions(exercise.unit, _caller()))))  # noqa: T201


def hint(name: str) -> None:
    """Print what explains a wrong answer, as far as the worked examples show it.

    Raises:
        UsageError: there is no such exercise; the message names the closest.

    """
    exercise = catalogue().exercise(name)
    checked = _checked(exercise, _functions(exercise.unit, _caller()))
    texts = dict.fromkeys(e.diagnosis.text for _, e in checked if e.diagnosis is not None)
    wrong = [v for v, _ in checked if v.status not in ("passed", "skipped")]
    if texts:
        lines = list(texts)
    elif not wrong:
        lines = ["the public checks pass: there is nothing to hint at"]
    elif said := _illegible(checked):
        lines = [said]
    elif wrong[0].status in ("not_attempted", "missing"):
        lines = ["it is not written yet; its docstring says what is asked"]
    else:
        lines = ["nothing known explains this answer: compare the entry above with one worked out by hand"]
    print("\n".join(f"{exercise.name}: {line}" for line in lines))  # noqa: T201


def status(unit: str) -> None:
    """Print a line for each exercise of a unit.

    Raises:
        UsageError: there is no such unit.

    """
    functions = _functions(unit, _caller())
    for exercise in catalogue().unit(unit).exercises:
        state = _state(_checked(exercise, functions))
        print(f"{MARKS.get(state, '✗')} {exercise.name:34s} {state.replace('_', ' ')}")  # noqa: T201


def ready(*functions: Callable[..., Any]) -> bool:
    """Return True if all these functions are written, so that an experiment can use them; print which it waits for."""
    waiting = [f.__name__ for f in functions if is_stub(f)]
    if waiting:
        print(f"This experiment waits for {', '.join(waiting)}.")  # noqa: T201
    return not waiting


def _caller() -> Mapping[str, Any]:
    """Return the globals of the notebook or module that called the public function."""
    return sys._getframe(2).f_globals


def _functions(unit: str, scope: Mapping[str, Any]) -> dict[str, Any]:
    """Return the unit's functions: those of the caller first, then those of its ``exercises``."""
    names = [exercise.function for exercise in catalogue().unit(unit).exercises]
    try:
        module = vars(importlib.import_module(f"exercises.{unit}"))
    except ImportError:
        module = {}
    return {name: scope.get(name, module.get(name)) for name in names}


@lru_cache(maxsize=8)
def _bench(unit: str) -> PublicBench:
    declared = catalogue().unit(unit)
    return PublicBench(declared.exercises, worked_examples(declared))


def _checked(exercise: Exercise, functions: Mapping[str, Any]) -> list[Checked]:
    """Judge the public checks, and explain their verdicts."""
    answers = LocalAnswers(functions, untouched=untouched_faults([exercise], functions))
    bench = _bench(exercise.unit)
    verdicts = [v for v in Judge(answers, bench).verdicts(exercise) if v.check.visibility == "public"]
    return list(zip(verdicts, explain(exercise, verdicts, answers, bench), strict=True))


def _state(checked: Sequence[Checked]) -> str:
    if not checked:
        return "handed in as it is"
    statuses = [v.status for v, _ in checked if v.status != "passed"]
    return str(statuses[0]) if statuses else "passed"


def _illegible(checked: Sequence[Checked]) -> str:
    """Return why a text could not be read, with the place; empty if that is not what happened."""
    return next((e.message for v, e in checked if v.status == "not_attempted" and isinstance(v.fact, Unanswered)), "")


def _report(exercise: Exercise, checked: Sequence[Checked]) -> str:
    state = _state(checked)
    if state in ("passed", "not_attempted", "missing") or not checked:
        said = _illegible(checked)
        return f"{MARKS.get(state, '·')} {exercise.name}: {said or state.replace('_', ' ')}"
    lines = [f"✗ {exercise.name}"]
    for v, explanation in checked:
        said = explanation.message.partition("\n")[0] if v.status != "passed" else "passed"
        lines.append(f"  {MARKS.get(v.status, '✗')} {v.check.name:10s} {said or v.status.replace('_', ' ')}")
    if any(explanation.diagnosis for _, explanation in checked):
        lines.append(f'  hint("{exercise.name}") says more')
    return "\n".join(lines)


# ------------------------------------------------------------------------------------ gradmark check
def check_path(path: Path) -> list[ItemResult]:
    """Run the public checks on the work at a path, in this process: it is the student's own machine.

    Args:
        path: a module of exercises, a notebook (its definitions are read, nothing else of it is run), or a folder
            with ``exercises/``.

    Raises:
        UsageError: the path does not exist.
        SubmissionError: nothing at the path can be checked, or it cannot be read.

    """
    from grader.items import item_of

    if not path.exists():
        raise UsageError(f"there is nothing at {path}")
    items = []
    for unit, functions in work_at(path):
        for exercise in unit.exercises:
            checked = _checked(exercise, functions)
            if checked:
                items.append(item_of(exercise, [v for v, _ in checked], [e for _, e in checked]))
    if not items:
        raise SubmissionError(
            f"{path} holds no exercises: name a notebook, an exercises/<unit>.py, or a folder with exercises/"
        )
    return items
