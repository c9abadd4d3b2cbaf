"""The settings of a course: its course file, with limits, packages, and what students may see of their results."""

from grader.course.file import FILE, Course, read_course
from grader.course.shown import refuse_unknown

__all__ = ["FILE", "Course", "read_course", "refuse_unknown"]
