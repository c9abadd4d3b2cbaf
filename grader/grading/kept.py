"""The parts of a grading that are kept, so that nothing is graded twice: items, and how a notebook ran, addressed by content.

A key is made of the submission's bytes, the exercise and the environment (the bank's digest in it), and of the student where
variants are personal: the same bytes of two students are then two submissions. Under it stands the JSON of the
item. What is the grader's own fault is never kept: it is tried again. Nor is what ran out of time or died, which a busy machine may
do to anybody, or anything that was graded beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from grader.grading.failures import FAILED
from grader.grading.one import LOST, UNEXPLAINED, Graded, Known, Ran
from grader.result import CheckResult, ItemResult, compact, read_as

__all__ = ["NOTEBOOK", "entries_of", "key_of", "keys_of", "known_from"]

NOTEBOOK = "(notebook)"
"""What stands in the place of an exercise's name in the key of how a unit's notebook ran."""


def key_of(sha256: str, exercise: str, fingerprint: str, student: str = "") -> str:
    """Return the key of one exercise (its full name) of a submission under an environment, of a student if these differ."""
    told = f"gradmark/item/1\0{sha256}\0{exercise}\0{fingerprint}" + (f"\0{student}" if student else "")
    return hashlib.sha256(told.encode()).hexdigest()


def keys_of(sha256: str, exercises: Iterable[str], fingerprint: str, student: str = "") -> dict[str, str]:
    """Return the keys of exercises and of their units' notebooks, by the full names; ``student`` as for :func:`key_of`."""
    names = list(exercises)
    units = dict.fromkeys(name.partition(".")[0] for name in names)
    return {
        name: key_of(sha256, name, fingerprint, student) for name in [*names, *(f"{unit}.{NOTEBOOK}" for unit in units)]
    }


def entries_of(graded: Graded, sha256: str, fingerprint: str, student: str = "") -> dict[str, str]:
    """Return what is to be kept of a grading, by key: nothing that was known, and nothing that may come out otherwise next time."""
    if graded.ran is None or not graded.fresh:
        return {}
    if graded.ran.notebook.status in LOST or any(item.status in LOST for item in _checks(graded.fresh)):
        return {}
    unit = graded.fresh[0].exercise.partition(".")[0]
    kept = {key_of(sha256, item.exercise, fingerprint, student): compact(item) for item in graded.fresh if _sound(item)}
    return {**kept, key_of(sha256, f"{unit}.{NOTEBOOK}", fingerprint, student): compact(graded.ran)}


def _checks(items: Iterable[ItemResult]) -> list[CheckResult]:
    return [check for item in items for check in item.checks]


def _sound(item: ItemResult) -> bool:
    """Return True for an item that says nothing of a failure of ours, in its verdicts or its explanations."""
    said = [item.message, *(check.message for check in item.checks)]
    return item.status != "grader_error" and not any(text.startswith((FAILED, UNEXPLAINED)) for text in said)


def known_from(found: Mapping[str, str]) -> dict[str, Known]:
    """Read what was kept, given by full names as :func:`keys_of` has them; return it by unit. What cannot be read is not known."""
    items: dict[str, dict[str, ItemResult]] = {}
    ran: dict[str, Ran] = {}
    for name, text in found.items():
        unit, _, exercise = name.partition(".")
        try:
            if exercise == NOTEBOOK:
                ran[unit] = read_as(Ran, text)
            else:
                items.setdefault(unit, {})[name] = read_as(ItemResult, text)
        except ValueError:
            continue
    return {unit: Known(items.get(unit, {}), ran.get(unit)) for unit in {*items, *ran}}
