"""The faults of an exercise, each told once: checks that failed for one and the same reason become one finding.

A function that raises fails each of its checks, and a wrong sign fails the worked examples, the values and the slope. The
reports (``terminal``, ``html``) tell such a fault once, with the smallest input that shows it and the checks that fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.report.text import clean, inline
from grader.result import CheckResult, Counterexample, Diagnosis, ItemResult
from grader.statuses import TOLD_FIRST

__all__ = ["Finding", "findings", "notes_of"]

_FOLLOWS = ("gradient", "law", "contract")
"""Kinds of checks that mostly fail because a value is wrong: without their own diagnosis they are told beside that fault."""
_UNJUDGED = ("grader_error", "skipped")
"""Statuses that say nothing about the work: points that a check did not earn under them do not count as lost."""
_INHERITED = re.compile(r"; the first step that is wrong is (.+?): with it put right .+ is right too")
"""In the message on a step of a graph that is wrong for the sake of an earlier one."""
_CASE = re.compile(r" \([^()]*\)$")
_PLACE = re.compile(r"\[[\d, ]*\]")
_NUMBER = re.compile(r"-?(?<!\w)\d+(?:\.\d+)?(?:e[+-]?\d+)?")
"""A number, and no digit of a name: ``dw1`` and ``dw2`` are two outputs."""


@dataclass(frozen=True)
class Finding:
    """One fault of an exercise.

    ``message`` is one line, ``detail`` a traceback or empty; ``checks`` are the names of the checks that fail for this fault,
    and ``lost`` the points that it costs. ``also`` are further sentences: the other faults of one mistake, and checks told
    beside a fault without a diagnosis.
    All text is clean (see ``grader.report.text``) but for the counterexample's strings.
    """

    message: str
    detail: str
    checks: tuple[str, ...]
    lost: float
    diagnosis: Diagnosis | None
    counterexample: Counterexample | None
    also: tuple[str, ...] = ()


def _as_named(check: CheckResult) -> str:
    return inline(check.name)


def findings(item: ItemResult, named: Callable[[CheckResult], str] = _as_named) -> list[Finding]:
    """Return the faults of an exercise: values first, since the other kinds mostly follow from them.

    ``named`` gives what a check is called where its sentence is told beside a fault: clean text, by default its name.
    """
    groups: dict[tuple[str, str], list[CheckResult]] = {}
    for check in sorted(_failed(item), key=lambda c: TOLD_FIRST.index(c.kind)):
        groups.setdefault(_reason(check), []).append(check)
    told = [group for group in groups.values() if not _only_follows(group)]
    beside = [check for group in groups.values() if _only_follows(group) for check in group]
    leads = next((i for i, group in enumerate(told) if not _says_nothing(group)), None)
    if leads is None:
        told, beside = [list(group) for group in groups.values()], []
    return [_finding(group, beside if i == leads else [], named) for i, group in enumerate(told)]


def notes_of(item: ItemResult) -> list[str]:
    """Return the names of the policies that applied to an exercise, each once."""
    return list(dict.fromkeys(note for check in item.checks for note in check.notes))


def _failed(item: ItemResult) -> list[CheckResult]:
    return [check for check in item.checks if check.status != "passed"]


def _reason(check: CheckResult) -> tuple[str, str]:
    """Return a key, equal for checks that failed for one reason: the diagnosis, the step of a graph, else status and message.

    Numbers of a message do not count, nor places: inputs of another dimension show the same fault in an entry with more numbers.
    """
    if check.diagnosis is not None:
        return "diagnosis", check.diagnosis.mistake
    head = check.message.partition("\n")[0]
    example = check.counterexample
    step = example.graph.get("wrong") if example is not None else None
    if example is not None and isinstance(step, str) and step in example.expected:
        return "step", step
    if inherited := _INHERITED.search(head):
        return "step", inherited[1]
    return check.status, _NUMBER.sub("#", _PLACE.sub("[#]", _CASE.sub("", head)))


def _only_follows(group: Sequence[CheckResult]) -> bool:
    return all(c.diagnosis is None and (c.kind in _FOLLOWS or c.status == "skipped") for c in group)


def _says_nothing(group: Sequence[CheckResult]) -> bool:
    """Return True if of these checks no more is shown than that they failed: nothing can be told beside them."""
    return all(c.diagnosis is None and not c.message for c in group)


def _finding(
    group: Sequence[CheckResult], beside: Sequence[CheckResult], named: Callable[[CheckResult], str]
) -> Finding:
    shown = min(group, key=_size)
    head, _, detail = shown.message.partition("\n")
    every = [*group, *beside]
    # One mistake may be told with more or less evidence: the fullest text stands for all.
    diagnosis = max((c.diagnosis for c in group if c.diagnosis), key=lambda d: len(d.text), default=None)
    more = [c for c in group if diagnosis and c is not shown and c.kind == "value" and not _shows(c)]
    said = [] if diagnosis else beside
    return Finding(
        message=inline(head, 600),
        detail=clean(detail),
        checks=tuple(dict.fromkeys(inline(c.name) for c in every)),
        lost=sum(c.max_score - c.score for c in every if c.status not in _UNJUDGED),
        diagnosis=_cleaned(diagnosis),
        counterexample=shown.counterexample if shown.counterexample and shown.counterexample.inputs else None,
        also=(*_others(head, more), *(f"{named(c)}: {inline(c.message)}" for c in said if c.message)),
    )


def _others(head: str, checks: Sequence[CheckResult]) -> Iterator[str]:
    """Yield what the checks of one mistake say that has not been said: where no numbers show it, each fault has its words."""
    told = {_CASE.sub("", head)}
    for message in (check.message.partition("\n")[0] for check in checks):
        if message and _CASE.sub("", message) not in told:
            told.add(_CASE.sub("", message))
            yield inline(message, 600)


def _cleaned(diagnosis: Diagnosis | None) -> Diagnosis | None:
    if diagnosis is None:
        return None
    return replace(diagnosis, mistake=inline(diagnosis.mistake), text=inline(diagnosis.text, 600))


def _shows(check: CheckResult) -> bool:
    """Return whether a check shows expected values beside those that came."""
    return check.counterexample is not None and bool(check.counterexample.inputs and check.counterexample.expected)


def _size(check: CheckResult) -> tuple[bool, bool, int]:
    """Return a sort key: counterexamples that show expected values come first, of these with a graph, then with few entries."""
    example = check.counterexample
    if example is None or not example.inputs:
        return True, True, 0
    return not _shows(check), not example.graph, _entries([*example.inputs.values(), *example.expected.values()])


def _entries(value: Any) -> int:
    if isinstance(value, (list, tuple)):
        return sum(_entries(v) for v in value)
    return 1
