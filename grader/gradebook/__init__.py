"""The gradebook of a class: append-only result documents and a trail of all writes; what is so at present is derived from both.

Three layers are never merged: the automatic one (attempts and their results), the manual one (marks, rubric, comments, requests),
and policy, which is not kept here but computed by :mod:`grader.course` at each reading. SQLite by default, PostgreSQL by URL.
"""

from grader.gradebook.book import Gradebook
from grader.gradebook.trail import TrailLine

__all__ = ["Gradebook", "TrailLine"]
