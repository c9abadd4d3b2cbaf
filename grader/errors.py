"""The exceptions of Gradmark: for broken things only. A wrong answer is a value, never an exception.

::

    GradmarkError              something is broken; carries the exit code it stands for
    ├── UsageError         2   a wrong flag, an unknown exercise, a bad course file
    ├── SubmissionError    3   nothing in this submission can be graded; the message says why
    ├── IsolationError     2   the isolation that was asked for is not available here
    └── GraderError        4   the grader itself failed: never a student's zero
        ├── BankError      4   an exercise is declared wrongly, or its model answer is missing
        └── KernelError    4   a kernel could not be started, through no fault of the submission
"""

from __future__ import annotations

__all__ = [
    "BankError",
    "GraderError",
    "GradmarkError",
    "IsolationError",
    "KernelError",
    "SubmissionError",
    "UsageError",
]


class GradmarkError(Exception):
    """The base of all exceptions here; ``exit_code`` is that of the command line."""

    exit_code = 4

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in the place of a traceback: the message says all, and the frames are none of the reader's."""
        return [str(self)]


class UsageError(GradmarkError):
    """A request by the user for something that does not exist or does not fit."""

    exit_code = 2


class SubmissionError(GradmarkError):
    """A submission that holds nothing to grade."""

    exit_code = 3


class IsolationError(UsageError):
    """A level of isolation that was asked for and is not available on this machine."""


class GraderError(GradmarkError):
    """A fault of the grader: the submission needs a person, not a zero."""


class BankError(GraderError):
    """A fault of the bank: an exercise is declared wrongly, or its model answer is missing."""


class KernelError(GraderError):
    """A failure to start a kernel or to talk to it, through no fault of the submission."""
