"""The two places that outcomes go to: a gradebook, or a folder of documents that is merged into one later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from grader.batch.documents import ENDING, document_name, read_document, write_document
from grader.batch.outcome import STATES, Outcome, State
from grader.batch.work import Piece
from grader.errors import UsageError
from grader.gradebook import Gradebook
from grader.grades import Attempt
from grader.writing import write_whole

__all__ = ["Before", "BookSink", "FolderSink", "Sink", "WithNotebooks", "noted", "settled_key", "told_of"]

Key = tuple[str, str, str, str]


class Before:
    """The state of a hand-in before this batch.

    Args:
        state: how it stands; None if nothing is there.
        parts: the exercises that it has results of, where that is not all that was wanted.

    """

    def __init__(self, state: State | None = None, parts: frozenset[str] | None = None) -> None:
        self.state, self.parts = state, parts


class Sink(Protocol):
    """A place for outcomes. What was given to :meth:`write` is kept once it has returned, whatever happens then."""

    def before(self, pieces: Sequence[Piece]) -> list[Before]:
        """Return what is there of each piece."""

    def done(self, keys: Iterable[str]) -> set[str]:
        """Return those keys of whole hand-ins that are noted as done, and whose attempts are there."""

    def known(self, keys: Mapping[str, str]) -> Mapping[str, str]:
        """Return the items that are kept, by exercise; ``keys`` has the key of each."""

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """Keep outcomes."""


class BookSink:
    """A gradebook.

    Args:
        book: open.
        by: who, for the trail.

    """

    def __init__(self, book: Gradebook, by: str) -> None:
        self.book, self.by = book, by

    def before(self, pieces: Sequence[Piece]) -> list[Before]:
        """See :class:`Sink`."""
        there: dict[Key, str] = {}
        for assignment in {piece.assignment for piece in pieces}:
            there |= self.book.graded_as(assignment or None)
        by_hand_in: dict[Key, list[str]] = {}
        for (student, assignment, when, sha256), told in there.items():
            by_hand_in.setdefault((student, assignment, when, sha256), []).append(told)
            by_hand_in.setdefault((student, "", when, sha256), []).append(told)
        return [_before(by_hand_in.get(piece.key, ())) for piece in pieces]

    def done(self, keys: Iterable[str]) -> set[str]:
        """See :class:`Sink`: what was undone since it was noted is not there, or not all of it."""
        noted = {key: json.loads(text) for key, text in self.book.cached(keys).items()}
        of_each = {key: [tuple(attempt) for attempt in note.get("attempts", ())] for key, note in noted.items()}
        there: dict[Key, str] = {}
        for assignment in {assignment for own in of_each.values() for _, assignment, _, _ in own}:
            there |= self.book.graded_as(assignment)
        return {
            key
            for key, own in of_each.items()
            if all(attempt in there and _covers(there[attempt], noted[key].get("parts")) for attempt in own)
        }

    def known(self, keys: Mapping[str, str]) -> Mapping[str, str]:
        """See :class:`Sink`."""
        found = self.book.cached(keys.values())
        return {name: found[key] for name, key in keys.items() if key in found}

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """See :class:`Sink`: attempts of one assignment and one state are one transaction and one line of the trail."""
        self.book.keep({key: text for outcome in outcomes for key, text in outcome.entries.items()})
        self.record([(attempt, told_of(o.state, o.parts), o.fingerprint) for o in outcomes for attempt in o.attempts])
        self.note((o.done, o.state, o.parts, o.attempts) for o in outcomes)  # last: what is noted as done is there

    def record(self, attempts: Iterable[tuple[Attempt, str, str]]) -> int:
        """Write attempts with how they stand and the fingerprint of where they were graded; return how many were new.

        Of an attempt on which a regrade decided under this very fingerprint, what it left stays.
        """
        given = list(attempts)
        there = self.book.documents(attempt for attempt, _, _ in given)
        asked = [(attempt, told, settled_key(attempt, there.get(attempt.key, ()), fp)) for attempt, told, fp in given]
        settled = self.book.cached(key for _, _, key in asked)
        groups: dict[tuple[int, str, str], list[Attempt]] = {}
        latest: dict[tuple[str, str], tuple[int, str]] = {}
        for attempt, told, key in asked:
            if key in settled:
                continue
            # Of one student a later attempt is in a later line, or further down in the same.
            turn, before = latest.get(attempt.key[:2], (0, told))
            turn += before != told
            latest[attempt.key[:2]] = turn, told
            groups.setdefault((turn, attempt.assignment, told), []).append(attempt)
        return sum(
            self.book.record(of_one, by=self.by, keys={attempt.sha256: told for attempt in of_one})
            for (_, _, told), of_one in sorted(groups.items(), key=lambda group: group[0][0])
        )

    def note(self, done: Iterable[tuple[str, State, frozenset[str] | None, Iterable[Attempt]]]) -> None:
        """Note hand-ins as done, by their keys, with their attempts; not what needs a person, which is tried again."""
        self.book.keep({key: noted(state, parts, own) for key, state, parts, own in done if state != "needs_person"})


def noted(state: State, parts: frozenset[str] | None, attempts: Iterable[Attempt]) -> str:
    """Return the note of a hand-in that was graded: how it stood, which exercises, and the attempts that have to be there."""
    named = None if parts is None else sorted(parts)
    return json.dumps({"state": state, "parts": named, "attempts": [attempt.key for attempt in attempts]})


def settled_key(attempt: Attempt, documents: Sequence[str], fingerprint: str) -> str:
    """Return the key under which it is noted that a regrade under a fingerprint left an attempt with these documents."""
    told = ["gradmark/settled/1", *attempt.key, *documents, fingerprint]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _covers(told: str, parts: Sequence[str] | None) -> bool:
    """Return True if an attempt that stands so has results of these exercises; None: of all that was wanted."""
    own = told.split(" ")[1:]
    return not own or (parts is not None and {*parts} <= {*own})


def told_of(state: State, parts: frozenset[str] | None) -> str:
    """Return how an attempt stands as the gradebook notes it; of one that was graded in part, with its exercises."""
    return " ".join([state, *sorted(parts or ())])


def _before(told: Sequence[str]) -> Before:
    """Read what :func:`told_of` wrote, of several units the worst; what somebody else wrote there is a grading too."""
    if not told:
        return Before()
    states = [text.partition(" ")[0] for text in told]
    parts = [frozenset(text.split(" ")[1:]) for text in told]
    worst: State = max((state for state in STATES if state in states), key=STATES.index, default="graded")
    return Before(worst, frozenset().union(*parts) if all(parts) else None)


class FolderSink:
    """A folder of documents, one for each hand-in.

    Args:
        folder: made if it is not there.

    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._done: set[str] = set()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"cannot write to {folder}: {error.strerror or error}") from None

    def before(self, pieces: Sequence[Piece]) -> list[Before]:
        """See :class:`Sink`."""
        found = []
        for piece in pieces:
            document = read_document(self.folder / document_name(piece))
            found.append(Before() if document is None else Before(document.state, document.parts))
            if document is not None and document.state != "needs_person":
                self._done.add(document.done)
        return found

    def done(self, keys: Iterable[str]) -> set[str]:
        """See :class:`Sink`."""
        return self._done & {*keys}

    def known(self, keys: Mapping[str, str]) -> Mapping[str, str]:  # noqa: ARG002 - the protocol's
        """See :class:`Sink`: items are kept in gradebooks only."""
        return {}

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """See :class:`Sink`."""
        for outcome in outcomes:
            path = self.folder / document_name(outcome.piece)
            try:
                write_document(path, outcome)
            except OSError as error:
                raise UsageError(f"cannot write {path}: {error.strerror or error}") from None


class WithNotebooks:
    """A sink that keeps the executed notebooks in a folder too.

    Args:
        sink: what keeps the outcomes.
        folder: made if it is not there.

    """

    def __init__(self, sink: Sink, folder: Path) -> None:
        self.sink, self.folder = sink, folder
        self.before, self.done, self.known = sink.before, sink.done, sink.known

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """See :class:`Sink`; the notebooks first."""
        for outcome in outcomes:
            stem = document_name(outcome.piece).removesuffix(ENDING)
            for unit, text in outcome.executed.items():
                path = self.folder / f"{stem}.{unit}.ipynb"
                try:
                    self.folder.mkdir(parents=True, exist_ok=True)
                    write_whole(path, text)
                except OSError as error:
                    raise UsageError(f"cannot write {path}: {error.strerror or error}") from None
        self.sink.write(outcomes)
