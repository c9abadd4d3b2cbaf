"""Hints in levels: the symptom, the concept as a question, a worked example. The next one comes once the code has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from grader.diagnosis import counted_names, entry_names
from grader.judging import Case, Exercise, Finding
from grader.report import as_matrix
from grader.result import ItemResult
from grader.student.checks import Checked, first_sentence
from grader.student.public import public_unit
from grader.student.work import written

__all__ = ["Memory", "hint_of"]

LEVELS = 3
BY_HAND = 40
"""Of more numbers than this nobody works out all by hand."""
LINES = 40
"""More lines of code than this are not shown in a hint."""
QUESTION = "Which line of yours does that, and what does the docstring say in its place?"


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
    if item.status == "not_attempted" and checked.explanations and item.message not in ("", "not attempted"):
        return f"{exercise.name}: {item.message}"  # a text that cannot be read has been written
    if item.status in ("not_attempted", "missing"):
        why = f": {item.message}" if item.message and item.message != "not attempted" else ""
        return f"{exercise.name}: it is not written yet{why.partition(': was ')[0]}; its docstring says what is asked"
    if not item.checks or not checked.explanations:
        # The module cannot be read, or the checker failed: nothing was judged.
        return f"{exercise.name}: nothing could be checked, and this comes first:\n{item.message}"
    told = next((e.diagnosis for e in checked.explanations if e.diagnosis is not None), None)
    fault = told.mistake if told is not None else _unnamed(item)
    level, again = memory.level(exercise.name, fault, _digest(function))
    levels = [symptom(checked), concept(told.text) if told is not None else unexplained(checked), example(checked)]
    lines = [f"{exercise.name}, hint {level} of {LEVELS}" + (f" ({exercise.name}/{fault})" if told is not None else "")]
    lines += [text for text in levels[:level] if text]
    if again and level < LEVELS:
        lines.append("The next hint comes once you have changed the code.")
    return "\n".join(lines)


def _unnamed(item: ItemResult) -> str:
    """Return what stands for a fault that nothing known explains: with other numbers it is the same one."""
    if item.status in ("wrong", "partial"):
        return ", ".join(check.name for check in item.checks if check.status not in ("passed", "skipped"))
    return item.message.partition(" (")[0]


def symptom(checked: Checked) -> str:
    """Return what is seen: the place, and what is wrong there."""
    explained = (e for e in checked.explanations if e.diagnosis)
    said = next(explained, next((e for e in checked.explanations if e.message), None))
    if said is None:
        return checked.item.message
    head = said.message.partition("\n")[0]
    if said.diagnosis is None:
        return head
    first = first_sentence(said.diagnosis.text)
    first += "" if first.endswith((".", "?", "!")) else "."
    return f"{first} For example: {head}." if head and head != said.diagnosis.text else first


def concept(text: str) -> str:
    """Return what a text says beyond the symptom, mostly as a question; a question that fits all where it says no more."""
    more = text[len(first_sentence(text)) :].strip()
    if not more or (more.startswith("(") and more.endswith(")")):  # how it was seen, and no question
        return f"{more} {QUESTION}".strip()
    return more


def unexplained(checked: Checked) -> str:
    """Return what to do where nothing known explains an answer."""
    if checked.item.status == "raised":
        asked = "What is each name there, at these inputs? Run the function on them, line by line."
        return f"It stops at the line that the card shows. {asked}"
    if checked.item.status in ("timed_out", "crashed"):
        return "Which line was it at, and which values does it get at the inputs above? Run the function on them, line by line."
    wrong = [check.name for check in checked.item.checks if check.status not in ("passed", "skipped")]
    if _loops_alone(checked):
        return (
            "Which operation on whole arrays does for all entries at once what that line does for one after the other?"
        )
    if "contract" in wrong:
        return "What does the docstring say of the type and the shape of what comes back?"
    if not any(any(True for _ in _right(checked.exercise, case)) for case in _examples(checked.exercise)):
        return "Nothing known explains this. What does the docstring promise of the result, and how can you measure it yourself?"
    return "Nothing known explains this answer. Which entry of it can you work out by hand, and at which step do you part from it?"


def _loops_alone(checked: Checked) -> bool:
    """Return True if all that is wrong is that the source has a loop."""
    kinds = {check.kind for check in checked.item.checks if check.status not in ("passed", "skipped")}
    return kinds == {"source"}


def example(checked: Checked) -> str:
    """Return in numbers the smallest worked example that comes out wrong; empty where none has right values to come to."""
    exercise = checked.exercise
    if any(e.diagnosis is not None and e.diagnosis.mistake == "keeps_state" for e in checked.explanations):
        return "Call it twice with the same arguments: what outside the function, or in its cache, is not the same the second time?"
    if _loops_alone(checked):
        return ""  # its values are right
    known = [case for case in _examples(exercise) if any(True for _ in _right(exercise, case))]
    wrong = [case for case in known if any(case.inputs is other.inputs for other in checked.wrong)]
    if not known:
        return ""
    case = min(wrong or known, key=_size)
    given = [line for name, value in case.inputs.items() for line in as_matrix(name, value)]
    what = "this one out by hand" if _size(case) <= BY_HAND else "some entries of this one out by hand"
    return "\n".join([f"Work {what}, with", *given, "and you must come to", *_right(exercise, case), *_put(case)])


def _examples(exercise: Exercise) -> list[Case]:
    return [case for case in public_unit(exercise.unit).bench.examples(exercise) if case.inputs]


def _put(case: Case) -> Iterator[str]:
    """Say how more is put to a function than its inputs: by a piece of code that holds no answers."""
    adapters = [call.adapter for call in case.plan(documented=False).chain.calls if call.adapter is not None]
    lines = [line for adapter in adapters for line in adapter.strip().split("\n")]
    if 0 < len(lines) <= LINES:
        yield "where this asks for them:"
        yield from (f"    {line}".rstrip() for line in lines)


def _right(exercise: Exercise, case: Case) -> Iterator[str]:
    for name, expected in zip(exercise.outputs, case.expected or (), strict=True):
        if isinstance(expected.value, Finding):
            continue
        if (names := entry_names(case)) and len(names) == len(expected.value):
            named = zip(names, expected.value, strict=True)
            yield from (line for key, value in named for line in as_matrix(f'{name}["{key}"]', value))
        elif known := counted_names(case):
            held = [other for other, times in zip(known, expected.value, strict=True) for _ in range(int(times))]
            yield f"    {name} = {held}"
        else:
            yield from as_matrix(name, expected.value)


def _size(case: Case) -> int:
    return sum(map(_entries, case.inputs.values()))


def _entries(value: Any) -> int:
    return sum(map(_entries, value)) if isinstance(value, (list, tuple)) else int(np.size(value))


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
