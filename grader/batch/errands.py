"""Errands: what a batch has to do about each hand-in, given what is there of it already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from grader.bank import catalogue
from grader.batch.outcome import Outcome, attempts_of, done_key
from grader.batch.sinks import Before, Sink
from grader.batch.work import Piece
from grader.errors import UsageError
from grader.grading import Done, Task, Wanted, as_of, keys_of

__all__ = ["Choice", "Errand", "asking_for", "chosen_from"]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A choice among the work.

    Args:
        exercises: only these, by full name; empty for all.
        failed_only: what did not end well: not all of it could be graded, it needs a person, or something ran out of time.
        force: grade again what was graded.

    """

    exercises: frozenset[str] = frozenset()
    failed_only: bool = False
    force: bool = False


@dataclass(frozen=True)
class Errand:
    """A hand-in that is to be graded, or some exercises of it.

    Args:
        piece: the hand-in.
        before: what is there of it.
        parts: the exercises that are asked for; None for all that the assignment wants.
        banks: the folders of private banks.
        personal: students have variants of their own, so that the same bytes of two of them are two submissions.

    """

    piece: Piece
    before: Before
    parts: frozenset[str] | None = None
    banks: tuple[Path, ...] = ()
    personal: bool = False

    @property
    def student(self) -> str:
        """Return whose variants it is graded by; empty where all have the same."""
        return self.piece.hand_in.id if self.personal else ""

    @cached_property
    def wanted(self) -> Wanted:
        """Return what is wanted by unit."""
        return self.piece.wanted if self.parts is None else by_unit(self.parts)

    def keys(self, fingerprint: str) -> list[str]:
        """Return the keys of gradings that make this one needless: of the whole, and of these parts last."""
        keys = [done_key(self.piece, self.piece.wanted, fingerprint)]
        return keys if self.parts is None else [*keys, done_key(self.piece, self.wanted, fingerprint)]

    def sameness(self) -> object:
        """Return a value that is the same for errands whose results are, names aside."""
        of = self.piece.hand_in
        told = of.notes, of.problem, of.uploaded, self.piece.assignment, repr(self.wanted), self.parts
        return of.sha256, self.student, *told

    def names(self) -> list[str]:
        """Return the exercises whose items may be known: those that are wanted, of all units where none is named."""
        units = catalogue(self.banks).units
        found = []
        for unit in self.piece.wanted or units:
            of_unit = self.piece.wanted.get(unit)
            found += [e.name for e in units[unit].exercises if of_unit is None or e.name in of_unit]
        return found

    def task(self, fingerprint: str, sink: Sink, choice: Choice) -> Task:
        """Make the task, with what is known."""
        known = sink.known(keys_of(self.piece.hand_in.sha256, self.names(), fingerprint, self.student))
        if choice.force:
            again = choice.exercises or {*known}
            known = {name: text for name, text in known.items() if name not in again}
        any_unit = not self.piece.assignment and self.parts is None
        return Task(self.piece.hand_in, self.wanted, known, any_unit=any_unit)

    def outcome(self, done: Done, fingerprint: str, *, first: bool) -> Outcome:
        """Return what came of it; of errands that were graded together the first has what is to be kept."""
        done = replace(done, results=tuple(as_of(result, self.piece.hand_in) for result in done.results))
        papers = self.piece.papers
        told = papers.told(self.piece.hand_in.id, done.there) if papers is not None and self.parts is None else ""
        if told and done.results:
            done = replace(done, results=(replace(done.results[0], paper=told), *done.results[1:]))
        sha256 = self.piece.hand_in.sha256
        names = [item.exercise for result in done.results for item in result.items]
        keys = {
            name: key for name, key in keys_of(sha256, names, fingerprint, self.student).items() if key in done.entries
        }
        return Outcome(
            self.piece,
            attempts_of(self.piece, done),
            self.keys(fingerprint)[-1],
            self.parts,
            keys,
            done.entries if first else {},
            done.executed,
            done.fresh if first else 0,
            fingerprint,
        )


def by_unit(exercises: frozenset[str]) -> Wanted:
    """Return exercises by their units."""
    units = sorted({name.partition(".")[0] for name in exercises})
    return {unit: frozenset(name for name in exercises if name.startswith(f"{unit}.")) for unit in units}


def chosen_from(
    pieces: Sequence[Piece],
    exercises: frozenset[str],
    before: Sequence[Before],
    banks: tuple[Path, ...] = (),
    *,
    personal: bool = False,
) -> list[Errand]:
    """Return the errands of a batch.

    Some exercises alone are graded where nothing is there of a hand-in, or only parts are, which stay. Where a whole grading is
    there, a whole one takes its place: no exercise loses its result by this.

    Raises:
        UsageError: no hand-in wants any of the exercises.

    """
    if not exercises:
        return [Errand(piece, there, None, banks, personal) for piece, there in zip(pieces, before, strict=True)]
    found = []
    for piece, there in zip(pieces, before, strict=True):
        asked = frozenset(name for name in exercises if _is_wanted(piece, name))
        if not asked:
            continue
        whole = there.state is not None and there.parts is None
        found.append(Errand(piece, there, None if whole else asked | (there.parts or frozenset()), banks, personal))
    if pieces and not found:
        raise UsageError(f"nothing that is there asks for {', '.join(sorted(exercises))}")
    return found


def asking_for(pieces: Iterable[Piece], exercises: Collection[str]) -> tuple[Piece, ...]:
    """Return the pieces that want at least one of some exercises; all, if there are none."""
    return tuple(piece for piece in pieces if not exercises or any(_is_wanted(piece, name) for name in exercises))


def _is_wanted(piece: Piece, exercise: str) -> bool:
    unit = exercise.partition(".")[0]
    if not piece.assignment and piece.unit not in (None, unit):
        return False
    if not piece.wanted:
        return True
    of_unit = piece.wanted.get(unit, frozenset())
    return of_unit is None or exercise in of_unit
