"""The course file."""

from grader.course.file import FILE, Course, course

__all__ = ["FILE", "Course", "course"]
