"""Submissions: found, read and looked through on the trusted side, where no submitted code is ever imported or run."""

from grader.submission.absence import reasons
from grader.submission.attempts import code_cells
from grader.submission.collecting import Submission, collect
from grader.submission.located import places
from grader.submission.reading import Unreadable, read_notebook
from grader.submission.sources import text_of

__all__ = ["Submission", "Unreadable", "code_cells", "collect", "places", "read_notebook", "reasons", "text_of"]
