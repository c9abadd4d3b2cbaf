"""Submissions: found, read and looked through on the trusted side, where no submitted code is ever imported or run."""

from grader.submission.absence import reasons
from grader.submission.attempts import code_cells
from grader.submission.collecting import Submission, collect
from grader.submission.intact import Departure, departures, outputs_left, stripped
from grader.submission.located import places
from grader.submission.reading import Unreadable, read_notebook
from grader.submission.sources import text_of

__all__ = [
    "Departure",
    "Submission",
    "Unreadable",
    "code_cells",
    "collect",
    "departures",
    "outputs_left",
    "places",
    "read_notebook",
    "reasons",
    "stripped",
    "text_of",
]
