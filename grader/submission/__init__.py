"""Submissions: found, read and looked through on the trusted side, where no submitted code is ever imported or run."""

from grader.submission.absence import reasons
from grader.submission.at_path import collect
from grader.submission.attempts import code_cells, python_of
from grader.submission.downloads import LAYOUTS, Found, HandIn, Hint, check_into, find, lay_out
from grader.submission.functions import functions_of
from grader.submission.handed import submissions_of
from grader.submission.intact import Departure, departures, outputs_left, stripped
from grader.submission.located import places
from grader.submission.reading import Unreadable, bounded_source, read_notebook
from grader.submission.sources import text_of
from grader.submission.submitted import StubsOf, Submission

__all__ = [
    "LAYOUTS",
    "Departure",
    "Found",
    "HandIn",
    "Hint",
    "StubsOf",
    "Submission",
    "Unreadable",
    "bounded_source",
    "check_into",
    "code_cells",
    "collect",
    "departures",
    "find",
    "functions_of",
    "lay_out",
    "outputs_left",
    "places",
    "python_of",
    "read_notebook",
    "reasons",
    "stripped",
    "submissions_of",
    "text_of",
]
