"""The outcome of one hand-in: its attempts, how they stand, and what is kept so that it need not be graded again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from grader.batch.work import Piece
from grader.grades import Attempt
from grader.grading import Done, Wanted
from grader.result import Result

__all__ = ["STATES", "Outcome", "State", "attempts_of", "done_key", "state_of"]

State = Literal["graded", "partly", "not_gradable", "needs_person"]
STATES: tuple[State, ...] = ("graded", "partly", "not_gradable", "needs_person")
"""From the best to the worst. ``partly``: something of it ran out of time, ended the process, or is missing."""
STOPPED = {"timed_out", "crashed"}


@dataclass(frozen=True)
class Outcome:
    """The outcome of a hand-in.

    Args:
        piece: what was graded.
        attempts: one, or where units tell the assignments, one for each.
        done: the key under which it is noted that this was graded.
        parts: the exercises that were graded, where these are not all that the assignment wants.
        kept: the keys of items and of how notebooks ran, by the names that :func:`grader.grading.keys_of` gives them.
        entries: the texts to be kept under keys.
        executed: the executed notebooks, by unit.
        fresh: the number of exercises that were graded and not known.
        fingerprint: of the environment in which it was graded.

    """

    piece: Piece
    attempts: tuple[Attempt, ...]
    done: str
    parts: frozenset[str] | None = None
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)
    entries: Mapping[str, str] = field(default_factory=dict, repr=False)
    executed: Mapping[str, str] = field(default_factory=dict, repr=False)
    fresh: int = 0
    fingerprint: str = ""

    @property
    def state(self) -> State:
        """Return the worst of its attempts' states."""
        return max((state_of(attempt) for attempt in self.attempts), key=STATES.index)


def state_of(attempt: Attempt) -> State:
    """Return how an attempt stands."""
    results = attempt.results
    if any(result.needs_person for result in results):
        return "needs_person"
    if not any(result.graded for result in results):
        return "not_gradable"
    checks = [check.status for result in results for item in result.items for check in item.checks]
    stopped = any(status in STOPPED for status in checks) or any(r.notebook.status in STOPPED for r in results)
    return "partly" if stopped or not all(result.graded for result in results) else "graded"


def attempts_of(piece: Piece, done: Done) -> tuple[Attempt, ...]:
    """Make the attempts of a hand-in that was graded."""
    if piece.assignment:
        return (_attempt(piece, piece.assignment, done.results),)
    of_unit: dict[str, list[Result]] = {}
    for result in done.results:
        unit = result.assignment or "unknown"
        of_unit.setdefault(piece.of_unit.get(unit, unit), []).append(result)
    return tuple(_attempt(piece, assignment, tuple(results)) for assignment, results in of_unit.items())


def _attempt(piece: Piece, assignment: str, results: tuple[Result, ...]) -> Attempt:
    of = piece.hand_in
    return Attempt(
        student=of.id,
        assignment=assignment,
        sha256=of.sha256,
        submitted=of.submitted,
        results=results,
        source=of.source,
        late_mark=of.late_mark,
    )


def done_key(piece: Piece, wanted: Wanted, fingerprint: str) -> str:
    """Return the key of a whole hand-in that was graded under an environment: who, when, which bytes, and what was wanted."""
    plain = {unit: None if names is None else sorted(names) for unit, names in wanted.items()}
    of_unit = dict(piece.of_unit)
    told = ["gradmark/done/1", *piece.key, piece.hand_in.source, plain, of_unit, fingerprint]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode("utf-8", "surrogateescape")).hexdigest()
