"""Follow-through in words: which exercise lost points, and which one, right for it, kept its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.report.findings import notes_of
from grader.report.text import inline, points
from grader.report.wording import UNANSWERED, WORDS
from grader.result import ItemResult

__all__ = ["Kept", "kept", "kept_points", "notes_left"]

FOLLOWED, NOT_PAID = "follow_through", "follows_own_forward"
"""The judge's notes: paid, since the wrong forward pass is known; not paid, since it is not."""
Kept = Mapping[str, Sequence[str]]
"""Sentences, by the exercise below which they are told; an exercise that has none is in it too."""


def kept(items: Sequence[ItemResult]) -> Kept:
    """Tell each follow-through among the exercises of a submission once: below the fault if that is shown, else below what kept.

    ``relu_forward is wrong: −2. relu_backward is right for your own forward pass and keeps its 4 points.``
    """
    by_name = {item.exercise: item for item in items}
    told: dict[str, list[str]] = {name: [] for name in by_name}
    for item in items:
        note = _note(item)
        if note is None:
            continue
        pair = by_name.get(item.pair or item.exercise)
        if pair is None or pair.status in ("passed", *UNANSWERED):
            told[item.exercise].append(_alone(item, note))
        elif pair is item:
            told[item.exercise].append(_of_one(item, note))
        else:
            told[pair.exercise].append(_of_two(pair, item, note))
    return told


def kept_points(item: ItemResult) -> float:
    """Return the points that an exercise keeps by follow-through."""
    return sum(check.score for check in item.checks if FOLLOWED in check.notes)


def notes_left(item: ItemResult) -> list[str]:
    """Return the names of the policies that applied to an exercise, but for those that :func:`kept` tells."""
    return [note for note in notes_of(item) if note not in (FOLLOWED, NOT_PAID)]


def _note(item: ItemResult) -> str | None:
    return next((note for note in (FOLLOWED, NOT_PAID) if note in notes_of(item)), None)


def _of_two(pair: ItemResult, item: ItemResult, note: str) -> str:
    name, fault = _short(item), f"{_short(pair)} is {WORDS[pair.status]}{_lost(pair.max_score - pair.score)}."
    if note == NOT_PAID:
        return f"{fault} {name} seems to fit it, but how it is wrong is not known here: {_a_person(item)}."
    return f"{fault} {name} is right for your own forward pass and keeps {_what(item)}."


def _of_one(item: ItemResult, note: str) -> str:
    """Tell of an exercise that returns a value and its gradient."""
    name, off = _short(item), [c for c in item.checks if c.status != "passed" and NOT_PAID not in c.notes]
    fault = f"The value of {name} is wrong{_lost(sum(c.max_score - c.score for c in off))}."
    if note == NOT_PAID:
        return f"{fault} The gradient seems to fit it, but how it is wrong is not known here: {_a_person(item)}."
    return f"{fault} The gradient is right for your own value and keeps {_counted(kept_points(item))}."


def _alone(item: ItemResult, note: str) -> str:
    name = _short(item)
    if note == NOT_PAID:
        return f"{name} seems to fit your own forward pass, wrong in a way that is not known here: {_a_person(item)}."
    return f"{name} is right for your own forward pass, where the fault is, and keeps {_what(item)}."


def _what(item: ItemResult) -> str:
    whole = item.status == "passed"
    return f"its {_counted(item.score)}" if whole else f"{points(kept_points(item))} of its {_counted(item.max_score)}"


def _a_person(item: ItemResult) -> str:
    waiting = sum(check.max_score - check.score for check in item.checks if NOT_PAID in check.notes)
    return f"a person says whether {_counted(waiting)} of it count" if waiting else "a person says whether it counts"


def _lost(lost: float) -> str:
    return f": −{points(lost)}" if lost > 0 else ""


def _counted(score: float) -> str:
    return f"{points(score)} {'point' if score == 1 else 'points'}"


def _short(item: ItemResult) -> str:
    return inline(item.exercise.rpartition(".")[2], 80)
