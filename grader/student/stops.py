"""Checks that stop before their end: told in a few words, without the frames of the checker, which hide the student's own line."""

from __future__ import annotations

import linecache
import traceback
from pathlib import Path
from types import TracebackType

import numpy as np

from grader.errors import GraderError, GradmarkError
from grader.report import inline, is_theirs

__all__ = ["Interrupted", "failed", "plainly"]

OURS = str(Path(__file__).parents[1])
NUMPY = dict(vars(np))
"""The names of numpy before any code of a student's ran."""


class Interrupted(KeyboardInterrupt):
    """An interrupt by the student; its text says where their code was."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in the place of a traceback."""
        return [str(self)]


class plainly:  # noqa: N801 - used as a statement: with plainly()
    """A context that lets an early end through in a few words: an interrupt, a request that fits nothing, a fault of the checker.

    Raises:
        Interrupted: in the place of a KeyboardInterrupt.
        GraderError: in the place of an exception that is not ours.

    """

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, _: object, error: BaseException | None, __: TracebackType | None) -> None:
        """Replace what was raised by what says it."""
        if isinstance(error, Interrupted):
            raise error.with_traceback(None)
        if isinstance(error, KeyboardInterrupt):
            raise Interrupted(_interrupted(error)) from None
        if isinstance(error, GradmarkError):
            raise error.with_traceback(None) from None
        if isinstance(error, Exception):
            raise GraderError(failed(error)) from error


def failed(error: Exception) -> str:
    """Return what to know of an exception in the checker: what it was, and what to do."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(OURS)]
    place = f", at {'/'.join(Path(frames[-1].filename).parts[-2:])}, line {frames[-1].lineno}" if frames else ""
    what = f"The checker itself failed, which says nothing of your work ({inline(f'{type(error).__name__}: {error}', 200)}{place})."
    changed = [name for name, thing in NUMPY.items() if vars(np).get(name) is not thing]
    if changed:
        names = ", ".join(f"np.{name}" for name in changed[:3])
        return f"{what} A cell or a function has assigned to {names}, which the checker needs as numpy made it: restart the kernel."
    return f"{what} Restart the kernel and check again; if it comes again, show this to your teacher."


def _interrupted(error: KeyboardInterrupt) -> str:
    """Return where the student's own code was when it was interrupted."""
    frames = traceback.extract_tb(error.__traceback__)
    first = next((i for i, frame in enumerate(frames) if frame.filename.startswith(OURS)), len(frames))
    theirs = [frame for frame in frames[first:] if OURS not in frame.filename and is_theirs(frame.filename)]
    if not theirs:
        return "The check was interrupted. Nothing was judged."
    name, line, function, text = theirs[-1]
    file = "your notebook" if "ipykernel" in name or name.startswith("<") else Path(name).name
    code = inline(text or linecache.getline(name, line or 0), 200)
    place = f"line {line} of {file}, in {inline(function)}"
    return f"The check was interrupted. Nothing was judged. Your code was at {place}:\n    {code}"
