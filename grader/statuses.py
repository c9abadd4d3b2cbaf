"""The statuses of checks, exercises and notebooks, and the kinds of checks: closed lists that several rooms share."""

from __future__ import annotations

from typing import Literal

__all__ = ["TOLD_FIRST", "CellsStatus", "CheckKind", "ItemStatus", "NotebookStatus", "VerdictStatus"]

Fault = Literal["wrong", "raised", "timed_out", "crashed", "missing", "not_attempted", "skipped", "grader_error"]
VerdictStatus = Literal["passed", Fault]
"""The outcome of a check."""
ItemStatus = Literal["passed", "partial", Fault]
"""The outcome of an exercise: ``partial`` where some points were earned, else the status of its worst check."""
CellsStatus = Literal["ok", "failed", "timed_out", "crashed"]
"""The outcome of a run of a notebook's cells."""
NotebookStatus = Literal[CellsStatus, "unreadable", "absent", "incomplete"]
"""The outcome for a submission's notebook as a whole; ``incomplete``: its functions are in a file that is not attached."""
CheckKind = Literal["contract", "example", "value", "gradient", "law", "source"]
TOLD_FIRST: tuple[CheckKind, ...] = ("value", "gradient", "example", "source", "law", "contract")
"""The order in which to speak of checks that failed: of values first, since the others mostly follow from them."""
