"""Grades and results in the formats of other systems: tables, Canvas, Moodle, Gradescope, classroom50, JUnit XML."""

from grader.export.bundle import BUNDLE_PYTHON, BUNDLE_ROOT, gradescope_bundle
from grader.export.canvas import CanvasAssignment, Exported, canvas_csv
from grader.export.cells import Missing, score_of
from grader.export.classroom50 import Classroom50, classroom50_result
from grader.export.gradescope import gradescope_faults, gradescope_results
from grader.export.junit import junit_xml
from grader.export.moodle import moodle_feedback, moodle_worksheet
from grader.export.suites import class_junit
from grader.export.table import exercises_csv, students_csv

__all__ = [
    "BUNDLE_PYTHON",
    "BUNDLE_ROOT",
    "CanvasAssignment",
    "Classroom50",
    "Exported",
    "Missing",
    "canvas_csv",
    "class_junit",
    "classroom50_result",
    "exercises_csv",
    "gradescope_bundle",
    "gradescope_faults",
    "gradescope_results",
    "junit_xml",
    "moodle_feedback",
    "moodle_worksheet",
    "score_of",
    "students_csv",
]
