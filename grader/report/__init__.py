"""The reports for people: results on a terminal, as an HTML page and as SVG. Values in, strings or renderables out.

A module that needs a heavy library (rich, jinja2) is imported at the first use of one of its names (PEP 562):
``gradmark grade --json`` needs neither library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from grader.report.arrays import as_matrix
from grader.report.findings import findings as faults
from grader.report.text import clean, counted, inline, neutral, percent, points, without_commands
from grader.report.wording import SIGNS, WORDS, note_sentence, notebook_sentence, remark

if TYPE_CHECKING:
    from grader.report.cards import Card, card, overview
    from grader.report.catalogue import exercise_page, units_json, units_page
    from grader.report.class_pages import alike, class_numbers, class_page, class_sheets, student_class_page
    from grader.report.doctor import checkup
    from grader.report.grades import grade_details, grades_json, grades_table
    from grader.report.html import page, student_page
    from grader.report.own_lines import is_theirs
    from grader.report.pictures import img, norms, path, picture_of, step_sizes
    from grader.report.repro import HowCalled, how_called
    from grader.report.similar import similar_json, similar_lines, similar_page
    from grader.report.terminal import details, table
    from grader.report.told import Picture
    from grader.report.validation import validated_json, validated_page
    from grader.report.vivas import viva_page, viva_text

__all__ = [
    "SIGNS",
    "WORDS",
    "Card",
    "HowCalled",
    "Picture",
    "alike",
    "as_matrix",
    "card",
    "checkup",
    "class_numbers",
    "class_page",
    "class_sheets",
    "clean",
    "counted",
    "details",
    "exercise_page",
    "faults",
    "grade_details",
    "grades_json",
    "grades_table",
    "how_called",
    "img",
    "inline",
    "is_theirs",
    "neutral",
    "norms",
    "note_sentence",
    "notebook_sentence",
    "overview",
    "page",
    "path",
    "percent",
    "picture_of",
    "points",
    "remark",
    "similar_json",
    "similar_lines",
    "similar_page",
    "step_sizes",
    "student_class_page",
    "student_page",
    "table",
    "units_json",
    "units_page",
    "validated_json",
    "validated_page",
    "viva_page",
    "viva_text",
    "without_commands",
]

LATE = {
    "alike": "class_pages",
    "class_numbers": "class_pages",
    "class_page": "class_pages",
    "class_sheets": "class_pages",
    "student_class_page": "class_pages",
    "similar_json": "similar",
    "similar_lines": "similar",
    "similar_page": "similar",
    "viva_page": "vivas",
    "viva_text": "vivas",
    "Card": "cards",
    "HowCalled": "repro",
    "Picture": "told",
    "card": "cards",
    "checkup": "doctor",
    "details": "terminal",
    "exercise_page": "catalogue",
    "grade_details": "grades",
    "grades_json": "grades",
    "grades_table": "grades",
    "how_called": "repro",
    "overview": "cards",
    "img": "pictures",
    "is_theirs": "own_lines",
    "norms": "pictures",
    "page": "html",
    "path": "pictures",
    "picture_of": "pictures",
    "step_sizes": "pictures",
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
