"""Hints in levels: the symptom, the concept as a question, a worked example. The next one comes once the code has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from grader.judging import Case, Exercise, Finding
from grader.report import as_matrix
from grader.student.checks import Checked, first_sentence
from grader.student.public import public_unit
from grader.student.work import written

__all__ = ["Memory", "hint_of"]

LEVELS = 3


class Memory:
    """The memory of which hint was given last for which text of a function; a file keeps it over a restart.

    Args:
        folder: where the kit is; None keeps nothing beyond this process.

    """

    def __init__(self, folder: Path | None = None) -> None:
        self._path = None if folder is None else folder / ".gradmark" / "hints.json"
        self._kept: dict[str, list[Any]] = _read(self._path)

    def level(self, exercise: str, fault: str, code: str) -> tuple[int, bool]:
        """Return the level of the hint to give now, from 1, and whether it is one that was given for this very code before.

        Args:
            exercise: its full name.
            fault: the code of what is wrong: another fault begins at the first level.
            code: a digest of what the student wrote.

        """
        before = self._kept.get(exercise)
        if before is None or before[0] != fault:
            level, again = 1, False
        elif before[2] == code:
            level, again = before[1], True
        else:
            level, again = min(before[1] + 1, LEVELS), False
        self._kept[exercise] = [fault, level, code]
        _write(self._path, self._kept)
        return level, again


def hint_of(checked: Checked, function: Any, memory: Memory) -> str:
    """Return the hint for what the public checks found, as lines of text.

    Args:
        checked: the outcome of the checks.
        function: what the student wrote.
        memory: which hint was the last.

    """
    exercise, item = checked.exercise, checked.item
    if item.status == "passed":
        return f"{exercise.name}: the public checks pass, there is nothing to hint at"
    if item.status == "skipped" and item.checks and item.message:
        return f"{exercise.name}: {item.message}"
    if item.status == "skipped":
        return f"{exercise.name}: nothing of it is checked here, and so there is nothing to hint at"
    if item.status in ("not_attempted", "missing"):
        why = f": {item.message}" if item.message and item.message != "not attempted" else ""
        return f"{exercise.name}: it is not written yet{why.partition(': was ')[0]}; its docstring says what is asked"
    if (
        not item.checks or not checked.explanations
    ):  # the module cannot be read, or the checker failed: nothing was judged
        return f"{exercise.name}: nothing could be checked, and this comes first:\n{item.message}"
    told = next((e.diagnosis for e in checked.explanations if e.diagnosis is not None), None)
    fault = told.mistake if told is not None else item.message
    level, again = memory.level(exercise.name, fault, _digest(function))
    levels = [symptom(checked), concept(told.text) if told is not None else unexplained(checked), example(exercise)]
    lines = [f"{exercise.name}, hint {level} of {LEVELS}" + (f" ({exercise.name}/{fault})" if told is not None else "")]
    lines += [text for text in levels[:level] if text]
    if again and level < LEVELS:
        lines.append("The next hint comes once you have changed the code.")
    return "\n".join(lines)


def symptom(checked: Checked) -> str:
    """Return what is seen: the place, and what is wrong there."""
    said = next((e for e in checked.explanations if e.message or e.diagnosis), None)
    if said is None:
        return checked.item.message
    head = said.message.partition("\n")[0]
    if said.diagnosis is None:
        return head
    seen = first_sentence(said.diagnosis.text)
    seen = seen if seen.endswith((".", "?", "!")) else f"{seen}."
    return f"{seen} For example: {head}." if head else seen


def concept(text: str) -> str:
    """Return what a text says beyond the symptom, mostly as a question; a question that fits all where it says no more."""
    more = text[len(first_sentence(text)) :].strip()
    return more or "Which line of yours does that, and what does the docstring say in its place?"


def unexplained(checked: Checked) -> str:
    """Return what to do where nothing known explains an answer."""
    if checked.item.status == "raised":
        return "It stops at the line that the card shows. What are the type and the shape of each name there, for these inputs?"
    wrong = [check.name for check in checked.item.checks if check.status not in ("passed", "skipped")]
    if "contract" in wrong:
        return "What does the docstring say of the type and the shape of what comes back?"
    return "Nothing known explains this answer. Which entry of it can you work out by hand, and at which step do you part from it?"


def example(exercise: Exercise) -> str:
    """Return the smallest worked example in numbers."""
    cases = [c for c in public_unit(exercise.unit).bench.examples(exercise) if c.inputs]
    if not cases:
        return ""
    case = min(cases, key=_size)
    assert case.expected is not None
    given = [line for name, value in case.inputs.items() for line in as_matrix(name, value)]
    right = list(_right(exercise, case))
    return "\n".join(["Work this one out by hand, with", *given, *(["and you must come to", *right] if right else [])])


def _right(exercise: Exercise, case: Case) -> Iterator[str]:
    for name, expected in zip(exercise.outputs, case.expected or (), strict=True):
        if not isinstance(expected.value, Finding):
            yield from as_matrix(name, expected.value)


def _size(case: Case) -> int:
    return sum(int(np.size(v)) if isinstance(v, np.ndarray) else 1 for v in case.inputs.values())


def _digest(function: Any) -> str:
    """Return a digest of what a student wrote: of the function and of what it uses of theirs, whatever the layout and comments."""
    return hashlib.sha256("\n".join(written(function)).encode("utf-8", "replace")).hexdigest()[:16]


def _read(path: Path | None) -> dict[str, list[Any]]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8")) if path is not None else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: entry for name, entry in kept.items() if _is_whole(entry)} if isinstance(kept, dict) else {}


def _is_whole(entry: Any) -> bool:
    """Return True if an entry of the file is one that :class:`Memory` wrote: a fault, a level and a digest."""
    if not isinstance(entry, list) or [type(part) for part in entry] != [str, int, str]:
        return False
    return bool(1 <= entry[1] <= LEVELS)


def _write(path: Path | None, kept: Mapping[str, Any]) -> None:
    if path is None:
        return
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(kept), encoding="utf-8")
    except OSError:
        return  # a hint is worth more than its number
