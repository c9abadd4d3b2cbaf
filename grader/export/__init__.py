"""Grades and results in the formats of other systems: tables, Canvas, Moodle, Gradescope, classroom50, JUnit XML."""

from grader.export.canvas import CanvasAssignment, Exported, canvas_csv
from grader.export.junit import junit_xml
from grader.export.moodle import moodle_feedback, moodle_worksheet
from grader.export.table import exercises_csv, students_csv

__all__ = [
    "CanvasAssignment",
    "Exported",
    "canvas_csv",
    "exercises_csv",
    "junit_xml",
    "moodle_feedback",
    "moodle_worksheet",
    "students_csv",
]
