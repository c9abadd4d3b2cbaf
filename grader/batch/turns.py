"""Turns: the hand-ins of one student are written in their order, whichever is graded first.

Of hand-ins without a time the gradebook takes the one for the last that was written last.
"""

from __future__ import annotations

from grader.batch.outcome import Outcome
from grader.batch.work import Piece

__all__ = ["Turns"]

Line = tuple[str, str]


class Turns:
    """The lines in which outcomes stand, one for each student and assignment."""

    def __init__(self) -> None:
        self._lines: dict[Line, list[Piece]] = {}
        self._early: dict[tuple[str, str, str, str], Outcome | None] = {}

    def expect(self, piece: Piece) -> None:
        """Put a hand-in at the end of its line."""
        self._lines.setdefault(piece.key[:2], []).append(piece)

    def over(self, piece: Piece, outcome: Outcome | None = None) -> list[Outcome]:
        """Take a hand-in as done with, and return the outcomes whose turn has come; None: it was graded elsewhere."""
        line = self._lines[piece.key[:2]]
        self._early[piece.key] = outcome
        found = []
        while line and line[0].key in self._early:
            found.append(self._early.pop(line.pop(0).key))
        return [outcome for outcome in found if outcome is not None]
