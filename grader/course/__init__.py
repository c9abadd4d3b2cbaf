"""The settings of a course: its course file, with limits, packages, what students may see; and who of it handed in what."""

from grader.course.file import FILE, Course, read_course
from grader.course.matching import ASIDE, Matched, Proposal, match
from grader.course.shown import refuse_unknown

__all__ = ["ASIDE", "FILE", "Course", "Matched", "Proposal", "match", "read_course", "refuse_unknown"]
