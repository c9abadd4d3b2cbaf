"""Marks by people, without the terminal: making them, previews of their effect, spreadsheets, rubric files, requests, regrades.

Pure, apart from the reading of files: everything takes and returns the plain data of ``grader.grades``. What is kept is the
gradebook's business, what a grade comes to the course's.
"""

from grader.marking.answering import ModelAnswer, model_answer
from grader.marking.decisions import Wanted, cleared, honourable, mark_of, named_exercise, named_person
from grader.marking.files import (
    comments_of,
    read_comments,
    read_rubric,
    rubric_of,
    written_comments,
    written_rubric,
)
from grader.marking.preview import Moved, exercise_line, moved, summary
from grader.marking.regrading import Again, Regraded, Rule, regraded
from grader.marking.requests import RequestFile, read_request, request_of, written_request
from grader.marking.sources import graded_of, is_gradebook, read_graded
from grader.marking.spreadsheet import changed_marks, written_marks

__all__ = [
    "Again",
    "ModelAnswer",
    "Moved",
    "Regraded",
    "RequestFile",
    "Rule",
    "Wanted",
    "changed_marks",
    "cleared",
    "comments_of",
    "exercise_line",
    "graded_of",
    "honourable",
    "is_gradebook",
    "mark_of",
    "model_answer",
    "moved",
    "named_exercise",
    "named_person",
    "read_comments",
    "read_graded",
    "read_request",
    "read_rubric",
    "regraded",
    "request_of",
    "rubric_of",
    "summary",
    "written_comments",
    "written_marks",
    "written_request",
    "written_rubric",
]
