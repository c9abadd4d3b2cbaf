"""Hand-ins that a gradebook knows, graded again by the bank of now; nothing of it is written but what spares a second grading."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from grader.bank import Catalogue
from grader.batch.outcome import Outcome
from grader.batch.sinks import Before, noted, settled_key
from grader.batch.work import Piece, papers_of
from grader.course import Plan
from grader.gradebook import Gradebook
from grader.grades import Attempt, own_bytes
from grader.grading import Wanted
from grader.result import Result
from grader.submission import HandIn

__all__ = ["AgainSink", "pieces_again"]


class AgainSink:
    """The results of a regrade, held for a comparison; a sink for :func:`grader.batch.run`.

    Items are kept in the gradebook's cache: what was graded for a preview is not graded again when it is applied.

    Args:
        book: open.
        personal: students have variants of their own.

    Attributes:
        results: by the sha256 of the hand-in, with the student's id where variants or papers are personal, the unit, and the seed.

    """

    def __init__(self, book: Gradebook, *, personal: bool = False) -> None:
        self.book, self.personal = book, personal
        self.results: dict[tuple[str, str, int], Result] = {}
        self._done: dict[str, str] = {}
        self._decided: list[tuple[Attempt, str]] = []

    def before(self, pieces: Sequence[Piece]) -> list[Before]:
        """Return that nothing is there: all of it is wanted again."""
        return [Before() for _ in pieces]

    def done(self, keys: Iterable[str]) -> set[str]:  # noqa: ARG002 - the protocol's
        """Return that nothing is done."""
        return set()

    def known(self, keys: Mapping[str, str]) -> Mapping[str, str]:
        """Return the items that are kept, by exercise: those of this very bank and environment."""
        found = self.book.cached(keys.values())
        return {name: found[key] for name, key in keys.items() if key in found}

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Hold the results, and keep the items."""
        self.book.keep({key: text for outcome in outcomes for key, text in outcome.entries.items()})
        for outcome in outcomes:
            for result in (result for attempt in outcome.attempts for result in attempt.results):
                of = outcome.piece.hand_in
                bytes_of = own_bytes(of.sha256, of.id) if self.personal else of.sha256
                if outcome.piece.papers is not None:
                    bytes_of = own_bytes(of.sha256, of.id, outcome.piece.assignment)
                self.results[bytes_of, result.assignment or "", result.graded_by.seed] = result
            if outcome.parts is None and outcome.state != "needs_person":
                self._done[outcome.done] = noted(outcome.state, None, outcome.attempts)
                self._decided += [(attempt, outcome.fingerprint) for attempt in outcome.attempts]

    def settle(self) -> None:
        """Note that all of it is graded and decided on under this environment: no batch that comes after writes over it.

        Without this a batch would put what was graded now in the place of whatever the regrade decided to keep: one that asks for
        the same grades nothing once more, and what another one grades, of all assignments at once, is not written there.
        """
        there = self.book.documents(attempt for attempt, _ in self._decided)
        decided = {settled_key(attempt, there.get(attempt.key, ()), fp): "{}" for attempt, fp in self._decided}
        self.book.keep(self._done | decided)


def pieces_again(
    attempts: Iterable[Attempt],
    hand_ins: Iterable[HandIn],
    plans: Mapping[str, Plan],
    bank: Catalogue,
    exercises: Collection[str] = (),
) -> dict[int, list[Piece]]:
    """Return the attempts whose bytes are there, as pieces of work, by the seed that they were graded with.

    Args:
        attempts: the present ones that are to be graded again.
        hand_ins: what is there.
        plans: of the assignments.
        bank: the catalogue.
        exercises: full names of those that are wanted; all without any.

    """
    there: dict[str, list[HandIn]] = {}
    for hand_in in hand_ins:
        there.setdefault(hand_in.sha256, []).append(hand_in)
    papers = {name: papers_of(plan) for name, plan in plans.items()}
    found: dict[int, list[Piece]] = {}
    for attempt in attempts:
        if attempt.sha256 not in there or attempt.assignment not in plans:
            continue
        wanted = _wanted(plans[attempt.assignment].of(attempt.student), bank, exercises)
        seeds = {result.graded_by.seed for result in attempt.results if result.assignment in wanted}
        unit = next(iter(wanted)) if len(wanted) == 1 else None
        for seed in seeds:
            own = _of(attempt, there[attempt.sha256])
            found.setdefault(seed, []).append(
                Piece(own, attempt.assignment, wanted, unit, papers=papers[attempt.assignment])
            )
    return found


def _of(attempt: Attempt, alike: Sequence[HandIn]) -> HandIn:
    """Return a hand-in of the attempt's bytes as that attempt: that from the same place, if it is among them."""
    own = next((hand_in for hand_in in alike if hand_in.source == attempt.source), alike[0])
    return replace(own.of(attempt.student), submitted=attempt.submitted, source=attempt.source)


def _wanted(plan: Plan, bank: Catalogue, exercises: Collection[str]) -> Wanted:
    """Return what is wanted of each unit of an assignment: None where that is all of its exercises."""
    names = [e.name for e in plan.exercises if not exercises or e.name in exercises]
    of_unit: dict[str, set[str]] = {}
    for name in names:
        of_unit.setdefault(name.partition(".")[0], set()).add(name)
    whole = {unit: {exercise.name for exercise in bank.unit(unit).exercises} for unit in of_unit}
    return {unit: None if own == whole[unit] else frozenset(own) for unit, own in of_unit.items()}
