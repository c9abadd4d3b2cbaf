"""The course: who takes part, when it is due, what counts. Today the course file with limits and packages."""

from grader.course.file import FILE, Course, course

__all__ = ["FILE", "Course", "course"]
