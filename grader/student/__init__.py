"""For students, in their own notebook or terminal: public checks on their own work, in their own process.

Works by public data, without model answers, mistakes or the bank; needs numpy and the standard library.
"""

from grader.student.answers import LocalAnswers
from grader.student.checks import Checked, checked
from grader.student.commands import check, hint, ready, status
from grader.student.public import public_unit, unit_names
from grader.student.stops import Interrupted, plainly
from grader.student.terminal import check_path, exit_code, path_and_names, report
from grader.student.work import Work, untouched

__all__ = [
    "Checked",
    "Interrupted",
    "LocalAnswers",
    "Work",
    "check",
    "check_path",
    "checked",
    "exit_code",
    "hint",
    "path_and_names",
    "plainly",
    "public_unit",
    "ready",
    "report",
    "status",
    "unit_names",
    "untouched",
]
