"""Questions to a student's code and the replies: the line between judging and running.

The judge only knows the protocol :class:`Answers`. Behind it stands a live kernel
(``grader.runtime.life.session``), the student's own process (``grader.student``), or a dictionary of
plain functions (the model answers, the tests).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

__all__ = ["NO_PAIR", "Answers", "Attempt", "Call", "Handle", "Lost", "Raised", "Refused", "Reply", "Returned"]

Attempt = Literal["attempted", "not_attempted", "missing"]


@dataclass(frozen=True)
class Handle:
    """Something that stayed on the student's side (a cache, an optimizer's state), by number."""

    number: int


@dataclass(frozen=True)
class Call:
    """One call of a student's function.

    ``function`` is the exercise's full name (``layers.relu_backward``). ``args`` are arrays, numbers,
    strings, ``None``, lists, tuples and dicts of them, or :class:`Handle`. ``keep`` names the
    positions of a returned tuple that stay on the student's side: they come back as handles. If the
    return is no tuple that long, nothing is kept and the whole value comes back. ``adapter`` is
    the source of one function that is called as ``adapter(function, *args)`` beside the student's code.
    ``watch`` asks which arguments were changed in place. ``after`` is a call that is performed first, in the same go: of the
    pair that it returns, the second value becomes the last argument of this one without crossing the line. If it returns no pair,
    the reply is :class:`Refused` for the reason ``NO_PAIR``.
    """

    function: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    keep: tuple[int, ...] = ()
    adapter: str | None = None
    watch: bool = False
    after: Call | None = None
    encoded: dict[Any, bytes] = field(default_factory=dict, compare=False, repr=False)
    """Its form on the wire, by where the functions are looked for: the same calls are put to every submission."""


NO_PAIR = "the call before it returned no pair"


@dataclass(frozen=True)
class Returned:
    """The call came back with ``value``; ``mutated`` are the positions of changed arguments."""

    value: Any
    mutated: tuple[int, ...] = ()


@dataclass(frozen=True)
class Raised:
    """The call raised. All strings are the student's: shown escaped, never trusted."""

    type: str
    message: str
    traceback: str = ""
    output: str = ""


@dataclass(frozen=True)
class Refused:
    """The value cannot cross the line: an object of an unknown type, too deep, or too large."""

    reason: str


@dataclass(frozen=True)
class Lost:
    """No reply: the time limit passed, or the student's process died or talked nonsense."""

    status: Literal["timed_out", "crashed"]
    reason: str


Reply = Returned | Raised | Refused | Lost


class Answers(Protocol):
    """Whatever can be asked for answers."""

    def attempt(self, function: str) -> Attempt:
        """Whether ``function`` is there and something was written."""
        ...

    def call(self, call: Call) -> Reply:
        """Perform one call. Never raises for anything that the student's code did."""
        ...

    def calls(self, calls: Sequence[Call]) -> Iterator[Reply]:
        """Perform calls one after the other, some of them perhaps before their reply is taken; no argument may be a handle."""
        ...
