"""The protocol of answers: the line between judging and running.

The judge only knows the protocol :class:`Answers`. Behind it stands a live kernel (``grader.runtime``), the student's own
process (``grader.student``), or plain functions (the model answers, the tests).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from grader.judging.declare import Chain

__all__ = ["Answers", "Attempt", "Illegible", "Lost", "Raised", "Refused", "Reply", "Returned"]

Attempt = Literal["attempted", "not_attempted", "missing"]


@dataclass(frozen=True, eq=False)
class Returned:
    """The call came back with ``value``; ``mutated`` are the positions of changed arguments.

    ``shared`` is True if all submissions whose calls came back with the same have this very object: then nothing in it may be
    changed, and what is concluded from it holds for all of them.
    """

    value: Any
    mutated: tuple[int, ...] = ()
    shared: bool = False


@dataclass(frozen=True)
class Raised:
    """The call raised. All strings are the student's: shown escaped, never trusted.

    ``importing`` is the submission's own module, if it was that which could not be imported: the function was never called.
    """

    type: str
    message: str
    traceback: str = ""
    output: str = ""
    importing: str = ""


@dataclass(frozen=True)
class Refused:
    """The value cannot cross the line: an object of an unknown type, too deep, or too large."""

    reason: str


@dataclass(frozen=True)
class Lost:
    """No reply: the time limit passed, or the student's process died or talked nonsense."""

    status: Literal["timed_out", "crashed"]
    reason: str


@dataclass(frozen=True)
class Illegible:
    """A text came back that cannot be read: ``reason`` shows where, on lines of its own."""

    reason: str


Reply = Returned | Raised | Refused | Lost


class Answers(Protocol):
    """Anything that can be asked for answers."""

    def attempt(self, function: str) -> Attempt:
        """Tell whether ``function`` is there and something was written."""
        ...

    def source(self, function: str) -> str | None:
        """Return the text in which ``function`` stands with what it calls; None if it cannot be read."""
        ...

    def put(self, chains: Sequence[Chain]) -> Iterator[tuple[Reply, ...]]:
        """Perform chains one after the other, some of them perhaps before the replies to earlier ones are taken.

        Never raises for anything that the student's code does.

        Yields:
            For each chain the replies of its calls, as far as the first that is not :class:`Returned`. There are fewer replies
            than calls too where a call wants a value that an earlier one did not return: then all of them are ``Returned``.

        """
        ...
