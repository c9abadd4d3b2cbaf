"""Alike answers of a class, in groups: an assistant reads one and knows them all.

Two answers to an exercise are alike if they have one status, one diagnosis, and one fingerprint: their functions returned the same
in all cases. Where nothing came back the fault itself, numbers aside, stands in for the fingerprint.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.grades import Grade
from grader.report.arrays import dense, formatter, grid, lines, plain
from grader.report.class_pages.numbers import in_words, items_of
from grader.report.text import clean, counted, inline
from grader.report.wording import UNANSWERED, for_graders
from grader.result import Counterexample, ItemResult
from grader.statuses import ItemStatus

__all__ = ["AnswerGroup", "alike", "block", "example_text"]

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_VALUES, _LINES, _WIDE = 4, 24, 100


@dataclass(frozen=True)
class AnswerGroup:
    """Alike answers: what is said of them, and the places of their students in the list of grades; ``example`` is text, or empty.

    ``fits`` says whose variants they are right for; ``same`` is True if a fingerprint says that they returned the same.
    """

    exercise: str
    status: ItemStatus
    mistakes: tuple[str, ...]
    fingerprint: str | None
    message: str
    who: tuple[int, ...]
    example: str
    same: bool
    fits: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """Return the codes of the mistakes as words."""
        return ", ".join(map(in_words, self.mistakes))


def alike(grades: Sequence[Grade]) -> dict[str, list[AnswerGroup]]:
    """Return the groups of answers that lost points, by exercise in the order of the assignment, the largest first."""
    found: dict[tuple[str, ItemStatus, tuple[str, ...], str], list[tuple[int, ItemResult]]] = {}
    for place, grade in enumerate(grades):
        for item in items_of(grade):
            if item.status != "passed" and item.status not in UNANSWERED:
                found.setdefault(_key(item), []).append((place, item))
    order = list(dict.fromkeys(e.exercise for grade in grades for e in grade.exercises))
    groups: dict[str, list[AnswerGroup]] = {name: [] for name in order}
    for (name, status, mistakes, _), members in found.items():
        groups[name].append(_group(name, status, mistakes, members))
    for of_one in groups.values():
        of_one.sort(key=lambda g: (-len(g.who), g.who))
    return {name: of_one for name, of_one in groups.items() if of_one}


def mistakes_of(item: ItemResult) -> tuple[str, ...]:
    """Return the codes of an exercise's diagnoses, each once."""
    return tuple(sorted({check.diagnosis.mistake for check in item.checks if check.diagnosis is not None}))


def _key(item: ItemResult) -> tuple[str, ItemStatus, tuple[str, ...], str]:
    told = item.fingerprint or "fault: " + _NUMBER.sub("#", inline(item.message, 160))
    return item.exercise, item.status, mistakes_of(item), told


def _group(
    name: str, status: ItemStatus, mistakes: tuple[str, ...], members: Sequence[tuple[int, ItemResult]]
) -> AnswerGroup:
    first = min((item for _, item in members), key=_size)
    example = _smallest(first)
    return AnswerGroup(
        exercise=inline(name, 120),
        status=status,
        mistakes=tuple(inline(mistake, 80) for mistake in mistakes),
        fingerprint=first.fingerprint,
        message=inline(first.message),
        who=tuple(place for place, _ in members),
        example=example_text(example) if example is not None else "",
        same=first.fingerprint is not None,
        fits=tuple(dict.fromkeys(for_graders(item.fits) for _, item in members if item.fits)),
    )


def _size(item: ItemResult) -> int:
    """Return how much there is to read of an answer's counterexample; one without any comes last."""
    example = _smallest(item)
    return 1 << 30 if example is None else len(str(example.inputs))


def _smallest(item: ItemResult) -> Counterexample | None:
    examples = [c.counterexample for c in item.checks if c.status != "passed" and c.counterexample is not None]
    return min(examples, key=lambda e: len(str(e.inputs)), default=None)


def example_text(example: Counterexample, most: int = _LINES) -> str:
    """Return a counterexample as text: the inputs, then the output at fault as it should be and as it came; clean and bounded."""
    output = example.worst.get("output")
    named = [output] if isinstance(output, str) and output in example.expected else list(example.expected)
    blocks = [block(str(name), value) for name, value in list(example.inputs.items())[:_VALUES]]
    if len(example.inputs) > _VALUES:
        blocks.append([f"… and {counted(len(example.inputs) - _VALUES, 'further input')}"])
    for name in named[:2]:
        blocks.append(block(f"{name}, expected", example.expected[name]))
        blocks.append(block(f"{name}, got", example.got.get(name, "nothing")))
    text = [line[:_WIDE] for block in blocks for line in block]
    return clean("\n".join(text[:most] + (["…"] if len(text) > most else [])))


def block(name: str, value: object) -> list[str]:
    """Return a value of a result by its name as lines, at most 8 × 8 entries of an array; its texts are not cleaned yet."""
    array = dense(value)
    name = inline(name, 60)
    if array is None or not array.shape or len(array.values) == 1:
        return [f"{name}: {plain(value, 80)}"]
    shown = [line.strip("\n") for line in lines(grid(array, formatter(array)))]
    if len(shown) == 1:
        return [f"{name}: [{shown[0].strip()}]"]
    return [f"{name}:", *(f"  {line}" for line in shown)]
