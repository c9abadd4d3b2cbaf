"""For students, in their own notebook or terminal: public checks on their own work, in their own process.

Works by public data, without model answers, mistakes or the bank; needs numpy and the standard library.
"""

import sys

if sys.version_info < (3, 10):  # noqa: UP036 - a student's Python may be any; below this one the checker cannot be read
    raise ImportError(f"the checker needs Python 3.11 or newer, and {sys.executable} is {sys.version.split()[0]}")
try:
    import numpy  # noqa: F401 - only to say what is to be done where it is missing
except ModuleNotFoundError as error:
    if error.name != "numpy":
        raise
    raise ImportError(
        f"{sys.executable} has no numpy: run the Python of .venv as README.md says, or install it with "
        f'"{sys.executable}" -m pip install numpy'
    ) from None

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
