"""Questions on right work: beside a student's own line a wrong answer that the bank declares, and where the two part.

Their answers are the model's, since they passed; the wrong one is ours. So both are known without running anything of theirs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.judging import Bench, Case, Exercise, Mistake, Recipe, compare
from grader.viva.questions import Question

__all__ = ["lines_on", "plainly", "what_if"]

SMALL = (
    Recipe("integers", (2, 2, 2, 2, 2), 3),
    Recipe("integers", (1, 2, 2, 2, 2), 5),
    Recipe("integers", (2, 3, 2, 2, 2), 7),
    Recipe("ties", (2, 2, 2, 2, 2), 9),
    Recipe("integers", (3, 1, 1, 1, 1), 11),
)
"""Inputs that go on a sheet of paper; among them one example, a square, and ties."""
MOST_ENTRIES = 12
SHOWN_LINES = 2


def what_if(exercise: Exercise, bench: Bench, text: str) -> Iterator[Question]:
    """Yield a question for each declared mistake that can be shown on small inputs; first those that are right on some of them.

    Args:
        exercise: one that the student passed.
        bench: of its unit.
        text: the student's function; empty if it is not at hand.

    """
    cases = [case for recipe in SMALL if (case := _case(exercise, bench, recipe)) is not None]
    sometimes: list[Question] = []
    never: list[Question] = []
    for mistake in exercise.mistakes:
        parted: tuple[Case, int, Any] | None = None
        same: Case | None = None
        for case in cases:
            found = _parting(exercise, bench, mistake, case)
            if found is None:
                continue
            output, wrong = found
            if output is None:
                same = same or case
            elif parted is None:
                parted = case, output, wrong
        if parted is not None:
            question = _question(exercise, mistake, parted, same, text)
            (never if same is None else sometimes).append(question)
    yield from (*sometimes, *never)


def _case(exercise: Exercise, bench: Bench, recipe: Recipe) -> Case | None:
    case = bench.make(exercise, recipe)
    if case is None or case.expected is None:
        return None
    small = all(np.size(value) <= MOST_ENTRIES for value in case.inputs.values() if isinstance(value, np.ndarray))
    plain = all(isinstance(value, (np.ndarray, float, int, str)) for value in case.inputs.values())
    numbers = all(isinstance(expected.value, np.ndarray) for expected in case.expected)
    return case if small and plain and numbers and case.inputs else None


def _parting(exercise: Exercise, bench: Bench, mistake: Mistake, case: Case) -> tuple[int | None, Any] | None:
    """Return the first output in which a mistake differs from the right answer, with its value: (None, None) if in none."""
    outputs = bench.wrong_answer(exercise, mistake.name, mistake.answer, case)
    if outputs is None or len(outputs) != len(exercise.outputs):
        return None
    assert case.expected is not None
    for number, (wrong, expected) in enumerate(zip(outputs, case.expected, strict=True)):
        if not isinstance(wrong, (np.ndarray, float, int)) or not np.isfinite(np.asarray(wrong, dtype=float)).all():
            return None
        if not compare(wrong, expected, tails=exercise.tails).ok:
            return number, wrong
    return None, None


def _question(
    exercise: Exercise, mistake: Mistake, parted: tuple[Case, int, Any], same: Case | None, text: str
) -> Question:
    case, output, wrong = parted
    assert case.expected is not None
    name = exercise.outputs[output]
    said = mistake.text.rstrip()
    where = "Which of your lines decides that yours does not have it?" if text else "Which line of yours decides that?"
    asks = f"Of another answer we say: “{said}” {where} At the inputs below, what is {name} in yours, and what in the other?"
    expect = f"They differ in {name} here, as below."
    if same is not None:
        asks += " Is there an input at which both are right?"
        expect += f" Both are right at {_told(same.inputs)}: say why."
    values = {f"{name}, yours": plainly(case.expected[output].value), f"{name}, the other": plainly(wrong)}
    inputs = {key: plainly(value) for key, value in case.inputs.items()}
    return Question(exercise.name, "right", asks, expect, inputs, values, lines_on(text, name))


def _told(inputs: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} = {np.array2string(np.asarray(value), separator=', ').replace(chr(10), '')}"
        if not isinstance(value, str)
        else f"{name} = {value}"
        for name, value in inputs.items()
    )


def plainly(value: Any) -> Any:
    """Return an array as nested lists, of six digits; anything else as it is."""
    if isinstance(value, (np.ndarray, np.generic)):
        return np.array([float(f"{entry:.6g}") for entry in np.ravel(value)]).reshape(np.shape(value)).tolist()
    return value


def lines_on(text: str, name: str) -> tuple[tuple[int, str], ...]:
    """Return the lines of a function that give an output its value: where its name is assigned, else what is returned."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    assigned, returned = [], []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
            if any(re.fullmatch(rf"(?:\w*_)?{re.escape(name)}(?:_\w*)?", found) for found in names):
                assigned.append(node.lineno)
        elif isinstance(node, ast.Return):
            returned.append(node.lineno)
    lines = text.splitlines()
    return tuple((number, lines[number - 1]) for number in sorted(set(assigned or returned))[:SHOWN_LINES])
