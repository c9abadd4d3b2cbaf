"""The reports for people: results on a terminal, as an HTML page and as SVG. Values in, strings or renderables out.

A module that needs a heavy library (rich, jinja2) is imported at the first use of one of its names (PEP 562):
``gradmark grade --json`` needs neither library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from grader.report.text import clean, inline
from grader.report.wording import WORDS, note_sentence, notebook_sentence

if TYPE_CHECKING:
    from grader.report.catalogue import exercise_page, units_json, units_page
    from grader.report.doctor import checkup
    from grader.report.html import page, student_page
    from grader.report.terminal import checked, details, table
    from grader.report.validation import validated_json, validated_page

__all__ = [
    "WORDS",
    "checked",
    "checkup",
    "clean",
    "details",
    "exercise_page",
    "inline",
    "note_sentence",
    "notebook_sentence",
    "page",
    "student_page",
    "table",
    "units_json",
    "units_page",
    "validated_json",
    "validated_page",
]

LATE = {
    "checked": "terminal",
    "checkup": "doctor",
    "details": "terminal",
    "exercise_page": "catalogue",
    "page": "html",
    "student_page": "html",
    "table": "terminal",
    "units_json": "catalogue",
    "units_page": "catalogue",
    "validated_json": "validation",
    "validated_page": "validation",
}


def __getattr__(name: str) -> Any:
    if name not in LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{LATE[name]}"), name)
