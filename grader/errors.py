"""The exceptions of Gradmark: for broken things only. A wrong answer is a value, never an exception.

::

    GradmarkError              something is broken; carries the exit code it stands for
    ├── UsageError         2   a wrong flag, an unknown exercise, a bad course file
    ├── SubmissionError    3   nothing in this submission can be graded; the message says why
    ├── IsolationError     2   the isolation that was asked for is not to be had here
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
    """Base of all; ``exit_code`` is what the command line ends with."""

    exit_code = 4


class UsageError(GradmarkError):
    """The user asked for something that does not exist or does not fit."""

    exit_code = 2


class SubmissionError(GradmarkError):
    """A submission that holds nothing to grade."""

    exit_code = 3


class IsolationError(UsageError):
    """The level of isolation that was asked for is not available on this machine."""


class GraderError(GradmarkError):
    """The grader broke; the submission needs a person, not a zero."""


class BankError(GraderError):
    """An exercise of the bank is declared wrongly."""


class KernelError(GraderError):
    """A kernel could not be started or fed, through no fault of the submission."""
