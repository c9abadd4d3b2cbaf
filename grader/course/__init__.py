"""The settings of a course: its course file, with limits and packages."""

from grader.course.file import FILE, Course, read_course

__all__ = ["FILE", "Course", "read_course"]
